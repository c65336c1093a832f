import { type Effect, formOf, type Instruction, type ProgramSpec } from "@weir/bytecode";
import type { ValueRange } from "./range.ts";
import type { RegisterState } from "./register-state.ts";
import type { Step } from "./verifier-log.ts";

/** Where a value on a way through the program comes from. */
export interface Origin {
  readonly step: Step;
  readonly slot: number;
  readonly effect: Effect | undefined;
  readonly instruction: Instruction;
  /** What was known of the value when it was used: a comparison may have bounded it since. */
  readonly state: RegisterState | undefined;
}

/** The state in which a place, `R1` or `fp-8`, was before a step. */
export function stateBefore(step: Step, place: string): RegisterState | undefined {
  for (let at = step.before; at !== undefined; at = at.before) {
    if (at.frame < step.frame) return undefined;
    const found = at.frame === step.frame ? at.state?.values.get(place) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Follows a value back, from a step that uses it, to the instruction that made it what it is: through copies, through the stack,
 * into the functions that gave it and the callers that passed it, and through arithmetic to the operand that is not known.
 */
export function originOf(program: ProgramSpec, use: Step, place: string): Origin | undefined {
  let wanted = place;
  let user = use;
  let { frame } = use;
  for (let step = use.before; step !== undefined; step = step.before) {
    const instruction = step.slot === undefined ? undefined : program.instructions[step.slot];
    if (instruction === undefined || step.slot === undefined) continue;
    const effect = formOf(instruction)?.effect;
    // The caller: what it passed are its own registers.
    if (step.frame < frame) {
      frame = step.frame;
      continue;
    }
    if (step.frame > frame) {
      // A function that was called: its result is its own R0.
      if (effect?.kind === "exit" && wanted === "R0" && step.frame === frame + 1) frame = step.frame;
      continue;
    }
    if (!writes(instruction, effect).includes(wanted)) continue;
    const next = source(instruction, effect, step);
    if (next === undefined) {
      const state = stateBefore(user, wanted) ?? stateBehind(step, wanted);
      return { step, slot: step.slot, effect, instruction, state };
    }
    wanted = next;
    user = step;
  }
  return undefined;
}

/** What is known of a place right after a step changed it. */
function stateBehind(step: Step, place: string): RegisterState | undefined {
  return step.state?.frame === step.frame ? step.state.values.get(place) : undefined;
}

/** The places that an instruction changes. */
function writes(instruction: Instruction, effect: Effect | undefined): string[] {
  switch (effect?.kind) {
    case "alu":
    case "negate":
    case "sign-extend":
    case "byte-order":
    case "load":
    case "load64":
      return [`R${instruction.destination}`];
    case "store":
      return instruction.destination === FRAME_POINTER ? [slotName(instruction.offset)] : [];
    case "atomic":
      if (effect.operation === "compare-exchange") return ["R0"];
      return /fetch|exchange/.test(effect.operation) ? [`R${instruction.source}`] : [];
    case "call":
      return ["R0", "R1", "R2", "R3", "R4", "R5"];
    default:
      return [];
  }
}

/** Where to look on for what an instruction made: the place that it was copied from, or the operand that is not known. */
function source(instruction: Instruction, effect: Effect | undefined, step: Step): string | undefined {
  const destination = `R${instruction.destination}`;
  const from = `R${instruction.source}`;
  switch (effect?.kind) {
    case "alu":
      if (effect.operation === "mov") return effect.operand === "register" ? from : undefined;
      return unknownOperand(effect.operand === "register" ? [from, destination] : [destination], destination, step);
    case "negate":
    case "byte-order":
      return unknownOperand([destination], destination, step);
    case "sign-extend":
      return unknownOperand([from], destination, step);
    case "load":
      return instruction.source === FRAME_POINTER ? slotName(instruction.offset) : undefined;
    case "store":
      return effect.operand === "register" ? from : undefined;
    default:
      return undefined;
  }
}

/** The operand whose range the result has; undefined when it is the arithmetic that made the range what it is. */
function unknownOperand(operands: readonly string[], result: string, step: Step): string | undefined {
  const made = stateBehind(step, result)?.range;
  const unknown = operands.flatMap((place) => {
    const range = stateBefore(step, place)?.range;
    return range !== undefined && range.min !== range.max ? [{ place, range }] : [];
  });
  const wide = unknown.filter(({ range }) => isWide(range));
  const [only, another] = unknown.length > 1 && wide.length > 0 ? wide : unknown;
  if (only === undefined || another !== undefined) return undefined;
  // It wrapped, or it cannot be told any more that it did not.
  if (made !== undefined && isWide(made) && !isWide(only.range)) return undefined;
  // A mask, or a shift to the right.
  if (made !== undefined && !isWide(made) && made.max < only.range.max) return undefined;
  return only.place;
}

/** Nothing bounds such a number more than its width does. */
const isWide = ({ min, max }: ValueRange): boolean => min < 0n || max >= 0xffff_ffffn;

const FRAME_POINTER = 10;

/** The verifier counts the stack in parts of 8 bytes, from the frame pointer down. */
const slotName = (offset: number): string => `fp${Math.floor(offset / 8) * 8}`;
