import type { Block } from "../ir/block.ts";
import { dominatorsOf } from "../ir/dominators.ts";
import type { IrFunction } from "../ir/function.ts";
import { operationText } from "../ir/operation-key.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";
import { mayOverwrite } from "./available-loads.ts";

/** How many blocks are gone back through to find what memory holds. */
const MOST_BLOCKS = 4;

/**
 * Where ways meet and what is loaded there is at hand at the end of each of them, takes a phi of it. Where one of them lacks it, it is
 * loaded there, so that the others need not load what they have just stored.
 *
 * Needs: whole IR. Gives: whole IR, fewer loads on some ways. Destroys: nothing.
 */
export function mergeLoads(irFunction: IrFunction): void {
  const meeting = irFunction.blocks.filter((block) => block.predecessors.length > 1 && block.values.some(isLoad));
  if (meeting.length === 0) return;
  const dominators = dominatorsOf(irFunction);
  for (const block of meeting) {
    // What a loop has loaded in the round before is left to the loop.
    if (block.predecessors.some((predecessor) => dominators.dominates(block, predecessor))) continue;
    const made = new Set([...block.phis, ...block.values]);
    const before: Value[] = [];
    for (const value of block.values) {
      const phi = isLoad(value) ? mergedLoad(irFunction, block, value, made, before) : undefined;
      if (phi === undefined) before.push(value);
      else value.replaceWith(phi);
    }
  }
  settle(irFunction);
}

function isLoad({ operation }: Value): boolean {
  return operation.kind === "load" && !operation.volatile && !operation.packet;
}

/** The phi that gives what a load would; `before` is what the block does before it. */
function mergedLoad(
  irFunction: IrFunction,
  block: Block,
  load: Value,
  made: ReadonlySet<Value>,
  before: readonly Value[],
): Value | undefined {
  const [base] = load.operands;
  if (base === undefined || made.has(base.current) || before.some((value) => mayOverwrite(value, load)))
    return undefined;
  const found = block.predecessors.map((predecessor) => valueAtEnd(predecessor, load));
  const lacks = block.predecessors.filter((_, index) => found[index] === undefined);
  if (lacks.length === found.length || lacks.some(({ terminator }) => terminator?.kind !== "jump")) return undefined;
  const operands = block.predecessors.map((predecessor, index) => {
    const known = found[index];
    if (known !== undefined) return known;
    const again = irFunction.value(load.width, load.operation, [...load.operands], load.position);
    predecessor.values.push(again);
    return again;
  });
  const phi = irFunction.value(load.width, { kind: "phi" }, operands, load.position);
  block.phis.push(phi);
  return phi;
}

/** What the memory that a load reads is known to hold at the end of a block. */
function valueAtEnd(block: Block, load: Value): Value | undefined {
  let at = block;
  for (let blocks = 0; blocks < MOST_BLOCKS; blocks++) {
    for (const value of at.values.toReversed()) {
      const known = heldBehind(value, load);
      if (known !== undefined) return known.current;
      if (mayOverwrite(value, load)) return undefined;
    }
    const [only, second] = at.predecessors;
    if (only === undefined || second !== undefined) return undefined;
    at = only;
  }
  return undefined;
}

/** What the memory holds if a value has just loaded or stored it. */
function heldBehind({ operation, operands, current }: Value, load: Value): Value | undefined {
  const [base, stored] = operands;
  if (base?.current !== load.operands[0]?.current || load.operation.kind !== "load") return undefined;
  const { bits, offset } = load.operation;
  if (operation.kind === "load" && operationText(operation) === operationText(load.operation)) return current;
  const isSame = operation.kind === "store" && operation.bits === bits && operation.offset === offset;
  // A narrower store cuts off what the load would not give back.
  return isSame && load.operation.relocation === undefined && stored?.width === bits ? stored : undefined;
}
