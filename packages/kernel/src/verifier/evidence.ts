import { type Effect, formOf, helperName, type Instruction, type ProgramSpec } from "@weir/bytecode";
import { inWords } from "./range.ts";
import type { CauseSlot } from "./refusal.ts";
import type { RegisterState } from "./register-state.ts";
import { type Origin, originOf, stateBefore } from "./trace.ts";
import type { Step, VerifierLog } from "./verifier-log.ts";

const UNNAMED = "a function";

/** What the program and the verifier's log say about the instruction that was refused. */
export class Evidence {
  readonly program: ProgramSpec;
  readonly log: VerifierLog;

  readonly #missing: ReadonlyMap<number, string>;

  constructor(program: ProgramSpec, log: VerifierLog, missing: ReadonlyMap<number, string>) {
    this.program = program;
    this.log = log;
    this.#missing = missing;
  }

  /** What the refused instruction needs and the kernel lacks, as the loader found. */
  get lacking(): string | undefined {
    return this.log.slot === undefined ? undefined : this.#missing.get(this.log.slot);
  }

  get instruction(): Instruction | undefined {
    return this.log.slot === undefined ? undefined : this.program.instructions[this.log.slot];
  }

  get effect(): Effect | undefined {
    return this.effectAt(this.log.slot);
  }

  effectAt(slot: number | undefined): Effect | undefined {
    const instruction = slot === undefined ? undefined : this.program.instructions[slot];
    return instruction && formOf(instruction)?.effect;
  }

  /** What is known of a register (`R3`) when the refused instruction begins. */
  state(register: string): RegisterState | undefined {
    return this.log.last && stateBefore(this.log.last, register);
  }

  origin(register: string): Origin | undefined {
    return this.log.last && originOf(this.program, this.log.last, register);
  }

  /** Where a number comes from that is too large, or may be negative; `name` is what it is used as: "the index". */
  causeOf(name: string, register: string): CauseSlot | undefined {
    const origin = this.origin(register);
    if (origin?.state?.type !== "scalar") return undefined;
    const { range } = origin.state;
    // A constant says enough by itself where it is used.
    if (range.min === range.max) return undefined;
    return { slot: origin.slot, words: `${name} is ${this.describe(origin)}, and may be ${inWords(range)}`, range };
  }

  /** What an origin is: "read from the packet". */
  describe(origin: Origin): string {
    const { effect, instruction, step } = origin;
    switch (effect?.kind) {
      case "load":
        return `read from ${memory(stateBefore(step, `R${instruction.source}`))}`;
      case "call":
        return `the result of ${this.calleeAt(origin.slot)}`;
      case "alu":
        if (
          effect.operation === "sub" &&
          effect.operand === "register" &&
          isAddress(stateBefore(step, `R${instruction.source}`))
        ) {
          return "the difference of two addresses";
        }
        return wraps(origin) ? "computed, and begins again at the largest number below 0" : "computed";
      case "negate":
      case "sign-extend":
      case "byte-order":
        return "computed";
      case "load64":
        return "a constant";
      default:
        return "changed";
    }
  }

  /** What the refused instruction calls, as a sentence's first word. */
  get called(): string {
    const name = this.calleeAt(this.log.slot);
    return name === UNNAMED ? "The function that is called" : name;
  }

  /** The name of what is called at a slot. */
  calleeAt(slot: number | undefined): string {
    const effect = this.effectAt(slot);
    if (slot === undefined || effect?.kind !== "call") return UNNAMED;
    const number = this.program.instructions[slot]?.immediate ?? 0;
    if (effect.target === "helper") return helperName(number) ?? `helper ${number}`;
    const reference = this.program.references.find((candidate) => candidate.slot === slot);
    return reference?.kind === "kernel-function" ? reference.name : UNNAMED;
  }

  /** The name of the map whose address a register has; undefined when it has none. */
  mapIn(register: string, at: Step | undefined = this.log.last): string | undefined {
    const origin = at && originOf(this.program, at, register);
    const reference = this.program.references.find((candidate) => candidate.slot === origin?.slot);
    return reference?.kind === "map" ? reference.map : undefined;
  }

  /** The latest step before the refused one whose call is of a function with such a name. */
  latestCall(name: RegExp, since?: Step): Step | undefined {
    for (let step = this.log.last?.before; step !== undefined && step !== since; step = step.before) {
      if (this.effectAt(step.slot)?.kind === "call" && name.test(this.calleeAt(step.slot))) return step;
    }
    return undefined;
  }
}

/** Something was taken away from a number that may be smaller. */
function wraps({ effect, instruction, state }: Origin): boolean {
  if (effect?.kind !== "alu" || state === undefined || state.range.max < 0xffff_ffffn) return false;
  return effect.operation === "sub" || (effect.operation === "add" && instruction.immediate < 0);
}

const isAddress = (state: RegisterState | undefined): boolean => state !== undefined && state.type !== "scalar";

/** The memory behind a pointer, in words. */
export function memory(pointer: RegisterState | undefined): string {
  const type = pointer?.type ?? "";
  const map = pointer?.details.get("map");
  if (/^pkt/.test(type)) return "the packet";
  if (type === "ctx") return "the program's context";
  if (/^map_value/.test(type)) return map === undefined ? "a map's value" : `a value of map ${map}`;
  if (type === "fp") return "the stack";
  if (/^(ringbuf_mem|alloc_mem)/.test(type)) return "a ring buffer's record";
  const structure = /^(?:trusted_|rcu_)?ptr_(\w+)/.exec(type)?.[1];
  return structure === undefined ? "memory" : `the kernel's ${structure.replace(/_or_null$/, "")}`;
}
