import { CodegenError } from "../codegen-error.ts";
import type { Block } from "../ir/block.ts";
import type { IrFunction } from "../ir/function.ts";
import type { StackSlot } from "../ir/operation.ts";
import type { StackLayout } from "./select.ts";
import { type SlotLife, slotLives } from "./slot-lives.ts";

/** Bytes of stack that the kernel gives a chain of calls (`MAX_BPF_STACK`). */
export const STACK_SIZE = 512;

interface Placed {
  readonly slot: StackSlot;
  /** Bytes from r10 downwards: the first and one behind the last. */
  readonly from: number;
  readonly to: number;
}

/**
 * Gives each stack slot its place.
 *
 * @param shares whether slots that are never alive together share bytes
 */
export function layOutStack(irFunction: IrFunction, shares: boolean): StackLayout {
  const placed = placeSlots(slotLives(irFunction), shares);
  const size = sizeOf(placed);
  if (size > STACK_SIZE) {
    throw new CodegenError(
      `${irFunction.name} needs ${size} bytes of stack at once, the kernel has ${STACK_SIZE}`,
      irFunction.position,
    );
  }
  return { offsets: new Map(placed.map(({ slot, to }) => [slot, -to])), size };
}

/**
 * Bytes of stack that slots which share it need.
 *
 * @param merged slots in whose place others are to be
 */
export function stackSize(irFunction: IrFunction, merged?: ReadonlyMap<StackSlot, StackSlot>): number {
  return sizeOf(placeSlots(slotLives(irFunction, merged), true));
}

function sizeOf(placed: readonly Placed[]): number {
  return Math.max(0, ...placed.map(({ to }) => to));
}

function placeSlots(lives: ReadonlyMap<StackSlot, SlotLife>, shares: boolean): readonly Placed[] {
  const placed: Placed[] = [];
  // Large ones first: small ones fit into what is left.
  const slots = [...lives.keys()].sort((a, b) => b.size - a.size || a.id - b.id);
  for (const slot of slots) {
    const inTheWay = placed.filter((other) => !shares || overlap(lives.get(slot), lives.get(other.slot)));
    let from = 0;
    for (;;) {
      // The address, r10 - to, is what must be aligned.
      const to = Math.ceil((from + slot.size) / slot.alignment) * slot.alignment;
      from = to - slot.size;
      const blocking = inTheWay.find((other) => from < other.to && other.from < to);
      if (blocking === undefined) {
        placed.push({ slot, from, to });
        break;
      }
      from = blocking.to;
    }
  }
  return placed;
}

/** Where each slot lies, a line for each. */
export function printStackLayout({ offsets }: StackLayout): string {
  return [...offsets]
    .sort(([a], [b]) => a.id - b.id)
    .map(([{ id, size }, offset]) => `slot${id} (${size} bytes): r10 - ${-offset}\n`)
    .join("");
}

function overlap(a: SlotLife | undefined, b: SlotLife | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const inBlock = ([block, life]: [Block, { readonly from: number; readonly to: number }]): boolean => {
    const other = b.get(block);
    return other !== undefined && life.from <= other.to && other.from <= life.to;
  };
  return [...a].some(inBlock);
}
