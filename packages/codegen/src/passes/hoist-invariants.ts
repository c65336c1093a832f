import { constantOf } from "../fold/constant.ts";
import type { Block } from "../ir/block.ts";
import { dominatorsOf } from "../ir/dominators.ts";
import { redirected } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { findLoops, type Loop } from "../ir/loops.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";
import { mayOverwrite } from "./available-loads.ts";
import { regionOf } from "./memory-region.ts";

/**
 * Computes before a loop what is the same in every round; also what is loaded where nothing in the loop can change it.
 *
 * Needs: whole IR. Gives: whole IR. Destroys: dominators.
 */
export function hoistInvariants(irFunction: IrFunction): void {
  // Inner loops first: what leaves one may leave the next.
  const loops = findLoops(dominatorsOf(irFunction));
  for (const loop of loops.toReversed()) {
    const before = hoist(irFunction, loop);
    if (before === undefined) continue;
    // It may have been made just now: then it lies in every loop around.
    for (const outer of loops) if (outer !== loop && outer.body.has(loop.header)) outer.body.add(before);
  }
  settle(irFunction);
}

/** Gives the block before the loop, if something went there. */
function hoist(irFunction: IrFunction, { header, body }: Loop<Block>): Block | undefined {
  const inside = new Set([...body].flatMap((block) => [...block.phis, ...block.values]));
  const writes = [...body].flatMap((block) => block.values);
  const hoisted: Value[] = [];
  for (const block of irFunction.blocks) {
    if (!body.has(block)) continue;
    block.values = block.values.filter((value) => {
      if (value.operands.some((operand) => inside.has(operand.current))) return true;
      if (!mayMove(value, block === header, writes)) return true;
      hoisted.push(value);
      inside.delete(value);
      return false;
    });
  }
  if (hoisted.length === 0) return undefined;
  const before = blockBefore(irFunction, header, body);
  before?.values.push(...hoisted);
  return before;
}

/** @param first whether the value is made in every round before anything is asked */
function mayMove(value: Value, first: boolean, writes: readonly Value[]): boolean {
  switch (value.operation.kind) {
    case "byte-swap":
    case "sign-extend":
    case "truncate":
    case "zero-extend":
      return true;
    case "binary":
      // An address that is not in bounds, or of what may be null, must not be made, though it would not be used.
      return first || value.width === 32 || value.operation.operator !== "add" || isInPacket(value);
    case "load":
      return first && !writes.some((write) => mayOverwrite(write, value));
    default:
      return false;
  }
}

function isInPacket(value: Value): boolean {
  return constantOf(value.operands[1]) !== undefined && regionOf(value) === "packet";
}

/** The block from which alone a loop is entered: there is one, or it is made. */
function blockBefore(irFunction: IrFunction, header: Block, body: ReadonlySet<Block>): Block | undefined {
  const outside = header.predecessors.filter((block) => !body.has(block));
  const [only, second] = outside;
  if (only === undefined) return undefined;
  if (second === undefined && only.terminator?.kind === "jump") return only;
  const before = irFunction.block(`before-${header.name}`);
  before.terminator = { kind: "jump", target: header, position: header.terminator?.position };
  const indices = outside.map((block) => header.predecessors.indexOf(block));
  const kept = header.predecessors.map((_, index) => index).filter((index) => !indices.includes(index));
  for (const phi of header.phis) {
    const entering = indices.map((index) => phi.operands[index]?.current ?? phi);
    const [same] = entering;
    let start = same ?? phi;
    if (entering.some((operand) => operand !== same)) {
      start = irFunction.value(phi.width, { kind: "phi" }, entering, phi.position);
      before.phis.push(start);
    }
    phi.operands = [...kept.map((index) => phi.operands[index] ?? phi), start];
  }
  const inside = kept.flatMap((index) => header.predecessors[index] ?? []);
  header.predecessors.splice(0, header.predecessors.length, ...inside, before);
  for (const block of outside) {
    before.predecessors.push(block);
    if (block.terminator !== undefined) block.terminator = redirected(block.terminator, header, before);
  }
  return before;
}
