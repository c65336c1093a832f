import type { Form } from "../form.ts";
import type { HelperName } from "../helpers/number.ts";
import type { Instruction } from "../instruction.ts";
import { formOf } from "../opcodes.ts";
import type { Reference } from "../spec.ts";
import { type Helper, helperTable } from "./helper-calls.ts";
import { MachineError } from "./machine-error.ts";
import type { MachineMap } from "./machine-map.ts";
import { type Input, Run } from "./run.ts";

/** What surrounds a program. */
export interface MachineOptions {
  /** Which slots load the addresses of maps. */
  readonly references?: readonly Reference[];
  readonly maps?: ReadonlyMap<string, MachineMap>;
  /** Helpers beside the built-in ones, or in their place. */
  readonly helpers?: Partial<Record<HelperName, Helper>>;
  /** Instructions that a run may take; 1,000,000 when left out. */
  readonly stepLimit?: number;
}

/** How a run ended. */
export interface Outcome {
  /** r0, unsigned. The verdict of an XDP program is its lower half. */
  readonly result: bigint;
  /** Instructions that were run. */
  readonly steps: number;
  /** The packet as the program left it. */
  readonly packet: Uint8Array;
}

/**
 * Runs programs in JavaScript, as the kernel would: to compare with the kernel and with the compiler's own idea of a program.
 *
 * @example
 * ```ts
 * new Machine([alu("mov", 64, 0, 2), exit()]).run().result; // 2n
 * ```
 */
export class Machine {
  readonly #instructions: readonly Instruction[];
  readonly #forms: readonly (Form | undefined)[];
  readonly #maps: ReadonlyMap<string, MachineMap>;
  readonly #mapNames: ReadonlyMap<number, string>;
  readonly #helpers: ReadonlyMap<number, Helper>;
  readonly #stepLimit: number;

  constructor(instructions: readonly Instruction[], options: MachineOptions = {}) {
    this.#instructions = instructions;
    this.#forms = instructions.map(formOf);
    this.#maps = options.maps ?? new Map();
    const references = options.references ?? [];
    this.#mapNames = new Map(references.flatMap((one) => (one.kind === "map" ? [[one.slot, one.map]] : [])));
    this.#helpers = helperTable(options.helpers ?? {});
    this.#stepLimit = options.stepLimit ?? 1_000_000;
  }

  /** @throws {MachineError} when the program does what the verifier would not have let it do. */
  run(input: Input = {}): Outcome {
    const run = new Run(input, this.#maps, this.#mapNames, this.#helpers);
    let slot = 0;
    let steps = 0;
    try {
      for (;;) {
        const instruction = this.#instructions[slot];
        const form = this.#forms[slot];
        if (instruction === undefined) throw new MachineError("the program has no such slot");
        if (form === undefined) throw new MachineError(`opcode 0x${instruction.opcode.toString(16)} is no instruction`);
        if (++steps > this.#stepLimit) throw new MachineError(`the program did not end after ${this.#stepLimit} steps`);
        const next = run.step(form.effect, instruction, slot, this.#instructions[slot + 1]);
        if (next === undefined) return { result: run.result, steps, packet: run.packet };
        slot = next;
      }
    } catch (error) {
      if (error instanceof MachineError && error.slot === undefined) throw new MachineError(error.message, slot);
      throw error;
    }
  }
}
