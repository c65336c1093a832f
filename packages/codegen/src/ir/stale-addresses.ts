import type { Block } from "./block.ts";
import { dominatorsOf } from "./dominators.ts";
import type { IrFunction } from "./function.ts";
import { type Operation, usesMemory } from "./operation.ts";
import { isBefore, type Place } from "./place.ts";
import type { SourcePosition } from "./position.ts";
import { settle } from "./settle.ts";
import type { Value } from "./value.ts";

/** The use of an address that may be worthless. */
export interface StaleAddress {
  readonly use: SourcePosition;
  /** Where the packet may have been moved. */
  readonly move: SourcePosition | undefined;
}

/**
 * Where a function uses an address in the packet that was found before a call that may have moved the packet: the verifier
 * would refuse it, for such a call makes all of them worthless.
 *
 * @param moves whether an operation may move the packet
 */
export function staleAddresses(
  irFunction: IrFunction,
  moves: (operation: Operation) => boolean,
): readonly StaleAddress[] {
  settle(irFunction);
  const places = placesOf(irFunction);
  const moved = [...places].flatMap(([{ operation, position }, place]) =>
    moves(operation) ? [{ ...place, position }] : [],
  );
  if (moved.length === 0) return [];
  const dominators = dominatorsOf(irFunction);
  const origin = originFinder();
  const stale = new Map<SourcePosition, StaleAddress>();
  for (const [value, place] of places) {
    if (value.position === undefined || !usesMemory(value.operation)) continue;
    for (const operand of value.operands) {
      const found = places.get(origin(operand) ?? value);
      if (found === undefined || found === place) continue;
      const move = moved.findLast((one) => isBefore(found, one, dominators) && mayFollow(place, one));
      if (move !== undefined) stale.set(value.position, { use: value.position, move: move.position });
    }
  }
  return [...stale.values()];
}

function placesOf(irFunction: IrFunction): ReadonlyMap<Value, Place> {
  const places = new Map<Value, Place>();
  for (const block of irFunction.blocks) {
    for (const phi of block.phis) places.set(phi, { block, index: -1 });
    for (const [index, value] of block.values.entries()) places.set(value, { block, index });
  }
  return places;
}

/** What an address was computed from: a load of the packet's start, or a phi of such; undefined for all other addresses. */
function originFinder(): (address: Value) => Value | undefined {
  const known = new Map<Value, Value | undefined>();
  return function origin(address: Value): Value | undefined {
    if (known.has(address)) return known.get(address);
    known.set(address, undefined);
    const found = compute(address);
    known.set(address, found);
    return found;

    function compute(value: Value): Value | undefined {
      const { operation, operands } = value;
      switch (operation.kind) {
        case "load":
          return operation.packet ? value : undefined;
        case "zero-extend":
          return operands[0] && origin(operands[0]);
        case "binary":
          if (operation.operator !== "add") return undefined;
          return operands.map(origin).find((one) => one !== undefined);
        case "phi":
          return operands.some((operand) => origin(operand) !== undefined) ? value : undefined;
        default:
          return undefined;
      }
    }
  };
}

/** Whether a way leads from `earlier` to `later`. */
function mayFollow(later: Place, earlier: Place): boolean {
  if (later.block === earlier.block && later.index > earlier.index) return true;
  const seen = new Set<Block>();
  const work = [...earlier.block.successors];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (at === later.block) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    work.push(...at.successors);
  }
  return false;
}
