import { stackSize } from "../code/stack-layout.ts";
import { dominatorsOf } from "../ir/dominators.ts";
import type { IrFunction } from "../ir/function.ts";
import { onlyReads } from "../ir/kernel-callee.ts";
import type { StackSlot } from "../ir/operation.ts";
import { operationText } from "../ir/operation-key.ts";
import { isBefore, type Place } from "../ir/place.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";

/** Bytes of stack that slots may take because they live longer: the rest is for what finds no register. */
const ROOM = 256;

/** A value that uses an argument. */
interface Use extends Place {
  readonly value: Value;
}

/** Memory on the stack that is only written by stores, each to other bytes, and only read by helpers. */
interface Argument {
  readonly slot: StackSlot;
  readonly address: Value;
  readonly stores: Use[];
  readonly reads: Use[];
}

/**
 * What lies on the stack for one call of the kernel, such as the key that a map was asked for, serves the calls behind it that want
 * the same: it is not put there again. It lives longer then, and shares its bytes with fewer others; where that would take much of the
 * stack, nothing is done.
 *
 * Needs: whole IR. Gives: whole IR, fewer stores. Destroys: nothing.
 */
export function reuseArguments(irFunction: IrFunction): void {
  const found = argumentsOf(irFunction);
  if (found.length < 2) return;
  const dominators = dominatorsOf(irFunction);
  const areBefore = (some: readonly Place[], others: readonly Place[]): boolean =>
    some.every((one) => others.every((other) => isBefore(one, other, dominators)));
  const kept = new Map<string, Argument[]>();
  const dropped = new Map<Argument, Argument>();
  for (const argument of found) {
    const same = kept.get(contents(argument)) ?? [];
    kept.set(contents(argument), same);
    // What is read was written before: then nothing but the same is written in between, in loops neither.
    const before = same.find(({ stores }) => areBefore(stores, argument.stores));
    if (before !== undefined && areBefore(argument.stores, argument.reads)) dropped.set(argument, before);
    else same.push(argument);
  }
  if (dropped.size === 0 || !hasRoom(irFunction, dropped)) return;
  for (const [{ address, stores }, before] of dropped) {
    address.replaceWith(before.address);
    const values = new Set(stores.map(({ value }) => value));
    for (const { block } of stores) block.values = block.values.filter((value) => !values.has(value));
  }
  settle(irFunction);
}

function hasRoom(irFunction: IrFunction, dropped: ReadonlyMap<Argument, Argument>): boolean {
  const merged = new Map([...dropped].map(([{ slot }, before]) => [slot, before.slot]));
  const size = stackSize(irFunction, merged);
  return size <= ROOM || size <= stackSize(irFunction);
}

/** In the order in which they are written. */
function argumentsOf(irFunction: IrFunction): readonly Argument[] {
  const found = new Map<Value, Argument>();
  const others = new Set<Value>();
  for (const block of irFunction.blocks) {
    for (const phi of block.phis) for (const operand of phi.operands) others.add(operand);
    for (const [index, value] of block.values.entries()) {
      for (const [which, address] of value.operands.entries()) {
        if (address.operation.kind !== "stack") continue;
        const { slot } = address.operation;
        const argument = found.get(address) ?? { slot, address, stores: [], reads: [] };
        if (value.operation.kind === "store" && which === 0) argument.stores.push({ block, index, value });
        else if (onlyReads(value.operation, which)) argument.reads.push({ block, index, value });
        else others.add(address);
        found.set(address, argument);
      }
    }
    const { terminator } = block;
    if (terminator?.kind === "branch") others.add(terminator.left).add(terminator.right);
    if (terminator?.kind === "return") others.add(terminator.value);
  }
  return [...found.values()].filter(({ address, stores }) => !others.has(address) && areApart(stores));
}

/** Whether no two of these stores write to the same byte. */
function areApart(stores: readonly Use[]): boolean {
  const bytes = new Set<number>();
  for (const { value } of stores) {
    if (value.operation.kind !== "store") return false;
    const { offset, bits } = value.operation;
    for (let byte = offset; byte < offset + bits / 8; byte++) {
      if (bytes.has(byte)) return false;
      bytes.add(byte);
    }
  }
  return true;
}

/** Text that is the same for arguments into which the same values are stored. */
function contents({ slot, stores }: Argument): string {
  const parts = stores.map(({ value }) => `${operationText(value.operation)} ${value.operands[1]?.id}`);
  return [slot.size, slot.alignment, ...parts.toSorted()].join(", ");
}
