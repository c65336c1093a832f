import { constantOf } from "../fold/constant.ts";
import type { Block } from "./block.ts";
import type { IrFunction } from "./function.ts";
import { callsOneOf, type KernelCallee, kernelCallee } from "./kernel-callee.ts";
import { usesMemory } from "./operation.ts";
import type { SourcePosition } from "./position.ts";
import { settle } from "./settle.ts";
import type { Value } from "./value.ts";

/** What of the kernel gives something that has to be given back, and what takes it back as one of its arguments. */
export interface ReservingCalls {
  readonly reserving: ReadonlySet<KernelCallee>;
  readonly ending: ReadonlySet<KernelCallee>;
}

/** A reservation that a way through the function does not end, or that is used behind its end. */
export interface ReservationMistake {
  readonly kind: "not ended" | "used after its end";
  /** Where that way ends, or where it is used. */
  readonly position: SourcePosition | undefined;
  /** What of the kernel gave it. */
  readonly callee: KernelCallee | undefined;
  /** Where it was made. */
  readonly reserved: SourcePosition | undefined;
}

/** What may be true of a reservation at a place, depending on the way that led there. */
interface State {
  readonly open: boolean;
  readonly ended: boolean;
}

const NOTHING: State = { open: false, ended: false };

/**
 * What of a function the verifier would refuse because of reservations. One that is given to another function, or returned, is
 * not followed any further.
 */
export function reservationMistakes(irFunction: IrFunction, calls: ReservingCalls): readonly ReservationMistake[] {
  settle(irFunction);
  const made = irFunction.blocks.flatMap(({ values }) =>
    values.filter(({ operation }) => callsOneOf(calls.reserving, operation)),
  );
  return made.flatMap((reservation) => new Reservation(irFunction, reservation, calls).mistakes());
}

class Reservation {
  readonly #function: IrFunction;
  readonly #made: Value;
  readonly #calls: ReservingCalls;
  /** The addresses that may be this reservation. */
  readonly #holders: ReadonlySet<Value>;
  readonly #before = new Map<Block, State>();
  readonly #mistakes: ReservationMistake[] = [];

  constructor(irFunction: IrFunction, made: Value, calls: ReservingCalls) {
    this.#function = irFunction;
    this.#made = made;
    this.#calls = calls;
    this.#holders = holdersOf(irFunction, made);
  }

  mistakes(): readonly ReservationMistake[] {
    const work: Block[] = [this.#function.entry];
    this.#before.set(this.#function.entry, NOTHING);
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      const after = this.#through(block, () => {});
      for (const successor of block.successors) {
        const arriving = this.#isNullIn(block, successor) ? NOTHING : after;
        const known = this.#before.get(successor);
        const joined = {
          open: arriving.open || (known?.open ?? false),
          ended: arriving.ended || (known?.ended ?? false),
        };
        if (known !== undefined && known.open === joined.open && known.ended === joined.ended) continue;
        this.#before.set(successor, joined);
        work.push(successor);
      }
    }
    const report = (kind: ReservationMistake["kind"], position: SourcePosition | undefined): void => {
      const { operation, position: reserved } = this.#made;
      this.#mistakes.push({ kind, position, callee: kernelCallee(operation), reserved });
    };
    for (const block of this.#before.keys()) {
      const after = this.#through(block, report);
      const end = block.terminator;
      if (end?.kind !== "return" || !after.open || this.#holders.has(end.value)) continue;
      for (const position of this.#leavings(block)) report("not ended", position);
    }
    return this.#mistakes;
  }

  /** Where ways end that leave the function by a block: one that several `return` share, as in callbacks, stands nowhere itself. */
  #leavings(block: Block): ReadonlySet<SourcePosition | undefined> {
    const leavings = new Set<SourcePosition | undefined>();
    const seen = new Set<Block>();
    const work = [block];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const position = at.terminator?.position;
      const isShared = position === this.#function.position && !at.values.includes(this.#made);
      const before = isShared
        ? at.predecessors.filter((one) => !this.#isNullIn(one, at) && this.#through(one, () => {}).open)
        : [];
      if (before.length === 0) leavings.add(position);
      else work.push(...before);
    }
    return leavings;
  }

  /** The state at the end of a block. */
  #through(
    block: Block,
    report: (kind: ReservationMistake["kind"], position: SourcePosition | undefined) => void,
  ): State {
    let state = this.#before.get(block) ?? NOTHING;
    for (const value of block.values) {
      const { operation } = value;
      if (value === this.#made) {
        // In a loop: the one of the turn before.
        if (state.open) report("not ended", value.position);
        state = { open: true, ended: false };
        continue;
      }
      if (!usesMemory(value.operation) || !value.operands.some((operand) => this.#holders.has(operand))) continue;
      if (operation.kind === "call-function") state = NOTHING;
      else if (state.ended) report("used after its end", value.position);
      if (callsOneOf(this.#calls.ending, operation)) state = { open: false, ended: true };
    }
    return state;
  }

  /** Whether a block goes to its successor only where the reservation failed. */
  #isNullIn({ terminator }: Block, successor: Block): boolean {
    if (terminator?.kind !== "branch") return false;
    const { comparison, left, right, whenTrue, whenFalse } = terminator;
    if (!this.#holders.has(left) || constantOf(right) !== 0n) return false;
    return successor === (comparison === "eq" ? whenTrue : comparison === "ne" ? whenFalse : undefined);
  }
}

function holdersOf(irFunction: IrFunction, made: Value): ReadonlySet<Value> {
  const holders = new Set([made]);
  for (let size = 0; size !== holders.size; ) {
    size = holders.size;
    for (const { phis, values } of irFunction.blocks) {
      for (const value of [...phis, ...values]) {
        const { operation, operands } = value;
        const passesOn = operation.kind === "phi" || (operation.kind === "binary" && operation.operator === "add");
        if (passesOn && operands.some((operand) => holders.has(operand))) holders.add(value);
      }
    }
  }
  return holders;
}
