import type { Block } from "../ir/block.ts";
import type { IrFunction } from "../ir/function.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";

/**
 * Lets all returns of one constant share a block. A jump there costs nothing, because the JIT makes a jump of `exit` too.
 *
 * Needs: whole IR. Gives: whole IR, less code. Destroys: dominators.
 */
export function mergeReturns(irFunction: IrFunction): void {
  const returning = new Map<Value, Block[]>();
  for (const block of irFunction.blocks) {
    const { terminator } = block;
    if (terminator?.kind !== "return" || terminator.value.operation.kind !== "constant") continue;
    returning.set(terminator.value, [...(returning.get(terminator.value) ?? []), block]);
  }
  for (const [value, blocks] of returning) {
    const [first] = blocks;
    if (blocks.length < 2 || first?.terminator === undefined) continue;
    const { position } = first.terminator;
    const shared = irFunction.block("return");
    shared.terminator = { kind: "return", value, position };
    for (const block of blocks) {
      block.terminator = { kind: "jump", target: shared, position };
      shared.predecessors.push(block);
    }
  }
  settle(irFunction);
}
