import type { Block } from "../ir/block.ts";
import type { IrFunction } from "../ir/function.ts";
import type { StackSlot } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";

/** Where in each block a stack slot holds something that is needed: indices into the values, inclusive. */
export type SlotLife = ReadonlyMap<Block, { readonly from: number; readonly to: number }>;

/**
 * A slot lives from its accesses to later accesses: where one lies behind and another ahead. What reaches a slot may reach those whose
 * addresses were stored in it.
 *
 * @param merged slots in whose place others are to be
 */
export function slotLives(
  irFunction: IrFunction,
  merged: ReadonlyMap<StackSlot, StackSlot> = new Map(),
): ReadonlyMap<StackSlot, SlotLife> {
  const accesses = accessesBySlot(irFunction, merged);
  const lives = new Map<StackSlot, SlotLife>();
  for (const [slot, inBlocks] of accesses) {
    const behind = reach(inBlocks.keys(), (block) => block.successors);
    const ahead = reach(inBlocks.keys(), (block) => block.predecessors);
    const life = new Map<Block, { from: number; to: number }>();
    for (const block of irFunction.blocks) {
      const indices = inBlocks.get(block) ?? [];
      const liveIn = behind.has(block) && (indices.length > 0 || ahead.has(block));
      const liveOut = ahead.has(block) && (indices.length > 0 || behind.has(block));
      if (indices.length === 0 && !(liveIn && liveOut)) continue;
      life.set(block, {
        from: liveIn ? Number.NEGATIVE_INFINITY : Math.min(...indices),
        to: liveOut ? Number.POSITIVE_INFINITY : Math.max(...indices),
      });
    }
    lives.set(slot, life);
  }
  return lives;
}

/** The blocks that one can get to from `blocks`, by one step at least. */
function reach(blocks: Iterable<Block>, next: (block: Block) => readonly Block[]): ReadonlySet<Block> {
  const reached = new Set<Block>();
  const work = [...blocks].flatMap(next);
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    if (reached.has(block)) continue;
    reached.add(block);
    work.push(...next(block));
  }
  return reached;
}

/** The values that use the address of a slot, or an address computed from it, by block. */
function accessesBySlot(
  irFunction: IrFunction,
  merged: ReadonlyMap<StackSlot, StackSlot>,
): Map<StackSlot, Map<Block, number[]>> {
  const slotsOf = addressedSlots(irFunction, merged);
  const stored = storedSlots(irFunction, slotsOf);
  const accesses = new Map<StackSlot, Map<Block, number[]>>();
  const access = (value: Value, block: Block, index: number): void => {
    for (const slot of withStored(slotsOf(value), stored)) {
      const blocks = accesses.get(slot) ?? new Map<Block, number[]>();
      accesses.set(slot, blocks.set(block, [...(blocks.get(block) ?? []), index]));
    }
  };
  for (const block of irFunction.blocks) {
    for (const phi of block.phis) for (const operand of phi.operands) access(operand, block, -1);
    for (const [index, value] of block.values.entries()) {
      for (const operand of value.operands) access(operand, block, index);
    }
  }
  return accesses;
}

/** The slots whose addresses are stored in a slot. */
function storedSlots(
  irFunction: IrFunction,
  slotsOf: (value: Value) => Iterable<StackSlot>,
): ReadonlyMap<StackSlot, ReadonlySet<StackSlot>> {
  const stored = new Map<StackSlot, Set<StackSlot>>();
  for (const { values } of irFunction.blocks) {
    for (const { operation, operands } of values) {
      const [address, value] = operands;
      if (operation.kind !== "store" || address === undefined || value === undefined) continue;
      for (const holder of slotsOf(address)) {
        for (const slot of slotsOf(value)) stored.set(holder, (stored.get(holder) ?? new Set()).add(slot));
      }
    }
  }
  return stored;
}

function withStored(
  slots: Iterable<StackSlot>,
  stored: ReadonlyMap<StackSlot, ReadonlySet<StackSlot>>,
): Iterable<StackSlot> {
  if (stored.size === 0) return slots;
  // A set is gone through with what is added meanwhile.
  const all = new Set(slots);
  for (const slot of all) for (const inside of stored.get(slot) ?? []) all.add(inside);
  return all;
}

/** Which slots an address may point into. */
function addressedSlots(
  irFunction: IrFunction,
  merged: ReadonlyMap<StackSlot, StackSlot>,
): (value: Value) => Iterable<StackSlot> {
  const known = new Map<Value, Set<StackSlot>>();
  const slotsOf = (value: Value): Iterable<StackSlot> =>
    value.operation.kind === "stack"
      ? [merged.get(value.operation.slot) ?? value.operation.slot]
      : (known.get(value) ?? []);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { phis, values } of irFunction.blocks) {
      for (const value of [...phis, ...values]) {
        if (value.operation.kind !== "phi" && value.operation.kind !== "binary") continue;
        for (const slot of value.operands.flatMap((operand) => [...slotsOf(operand)])) {
          const slots = known.get(value) ?? new Set();
          if (slots.has(slot)) continue;
          known.set(value, slots.add(slot));
          changed = true;
        }
      }
    }
  }
  return slotsOf;
}
