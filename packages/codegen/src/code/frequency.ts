import type { Block } from "../ir/block.ts";
import { Dominators } from "../ir/dominators.ts";
import type { IrFunction } from "../ir/function.ts";

/** A loop is taken to run this often. */
const ITERATIONS = 8;

/** How often each block runs for each run of the function: an estimate from branches and loops. */
export function blockFrequencies(irFunction: IrFunction): ReadonlyMap<Block, number> {
  const dominators = new Dominators(irFunction.entry);
  const loopDepth = new Map<Block, number>();
  for (const header of dominators.order) {
    const latches = header.predecessors.filter((predecessor) => dominators.dominates(header, predecessor));
    if (latches.length === 0) continue;
    for (const block of loopBody(header, latches)) loopDepth.set(block, (loopDepth.get(block) ?? 0) + 1);
  }
  const flow = new Map<Block, number>([[irFunction.entry, 1]]);
  for (const block of dominators.order) {
    // A jump back brings nothing: what a loop adds is counted by its depth.
    const share = (flow.get(block) ?? 0) / Math.max(1, block.successors.length);
    for (const successor of block.successors) {
      if (!dominators.dominates(successor, block)) flow.set(successor, (flow.get(successor) ?? 0) + share);
    }
  }
  const frequencies = new Map<Block, number>();
  for (const block of dominators.order) {
    frequencies.set(block, (flow.get(block) ?? 0) * ITERATIONS ** (loopDepth.get(block) ?? 0));
  }
  return frequencies;
}

function loopBody(header: Block, latches: readonly Block[]): ReadonlySet<Block> {
  const body = new Set([header]);
  const work = [...latches];
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    if (body.has(block)) continue;
    body.add(block);
    work.push(...block.predecessors);
  }
  return body;
}
