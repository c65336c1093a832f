import { parseBtf } from "../btf/index.ts";
import type { Instruction } from "../instruction.ts";
import type { MapSpec, ObjectSpec, ProgramSpec, Reference } from "../spec.ts";
import type { Clock } from "./clock.ts";
import type { Input } from "./contexts/input.ts";
import { makeContext } from "./contexts/make-context.ts";
import { callTable } from "./helpers/call-table.ts";
import type { CallTable, Helper, Helpers } from "./helpers/helper-call.ts";
import { MachineError } from "./machine-error.ts";
import type { MachineMap } from "./maps/machine-map.ts";
import { makeMap } from "./maps/make-map.ts";
import { MapOfMaps } from "./maps/map-of-maps.ts";
import { MachineProgram } from "./program.ts";
import type { Redirect } from "./redirect.ts";
import { Run } from "./run.ts";
import { type FibLookup, Surroundings } from "./surroundings.ts";
import type { Task } from "./task.ts";
import type { Timer } from "./timers.ts";

/** How a machine is to be. */
export interface MachineOptions {
  /** How many CPUs it has: so many values per-CPU maps have at each key. 1 when left out. */
  readonly cpus?: number;
  /** Helpers beside the built-in ones, or in their place. */
  readonly helpers?: Helpers;
  /** Kernel functions (kfuncs) beside the built-in ones, or in their place. */
  readonly kernelFunctions?: Readonly<Record<string, Helper>>;
  /** Instructions that a run may take; 1,000,000 when left out. */
  readonly stepLimit?: number;
}

/** What is run, and with what. */
export interface MachineInput extends Input {
  /** Its name; the object's only program when left out. */
  readonly program?: string;
}

/** How a run ended. */
export interface Outcome {
  /** r0, unsigned. The verdict of an XDP program is its lower half. */
  readonly result: bigint;
  /** Instructions that were run. */
  readonly steps: number;
  /** The packet as the program left it, from all its buffers. */
  readonly packet: Uint8Array;
  /** What the program left before the packet (`data_meta`). */
  readonly metadata: Uint8Array;
  /** The context as the program left it, where it is plain bytes. */
  readonly context: Uint8Array;
  /** What an iterator has written for its reader (`bpf_seq_write`, `bpf_seq_printf`). */
  readonly output: Uint8Array;
  /** Where the last call of a redirect helper sends the packet, undefined when there was none. */
  readonly redirect: Redirect | undefined;
}

/** A program alone, and the maps that it uses. */
export interface BareProgram {
  readonly type?: ProgramSpec["type"];
  /** What the loader fills in. */
  readonly references?: readonly Reference[];
  readonly maps?: readonly MapSpec[];
}

/** The name of the program in a machine that is made of instructions alone. */
const BARE = "program";

/**
 * Runs an object's programs in JavaScript, as the kernel would. Maps keep what is in them from run to run, and so do the clock,
 * which stands still, armed timers, and what was printed.
 *
 * @example
 * ```ts
 * const machine = Machine.of([alu("mov", 64, 0, 2), exit()]);
 * machine.run().result; // 2n
 * ```
 */
export class Machine {
  readonly #surroundings: Surroundings;
  readonly #programs = new Map<string, MachineProgram>();
  readonly #calls: CallTable;
  readonly #stepLimit: number;

  constructor(object: ObjectSpec, options: MachineOptions = {}) {
    this.#surroundings = new Surroundings(options.cpus ?? 1);
    this.#calls = callTable(options.helpers ?? {}, options.kernelFunctions ?? {});
    this.#stepLimit = options.stepLimit ?? 1_000_000;
    const btf = object.btf && parseBtf(object.btf);
    const { maps } = this.#surroundings;
    for (const program of object.programs.values()) this.#programs.set(program.name, new MachineProgram(program, btf));
    for (const spec of object.maps.values()) maps.set(spec.name, makeMap(spec, this.#surroundings, btf));
    for (const map of maps.values()) if (map instanceof MapOfMaps) map.fill(maps);
  }

  /** A machine with one program, made of instructions. */
  static of(instructions: readonly Instruction[], bare: BareProgram = {}, options: MachineOptions = {}): Machine {
    const program: ProgramSpec = {
      name: BARE,
      section: "xdp",
      type: bare.type ?? "xdp",
      frags: false,
      instructions,
      references: bare.references ?? [],
      functions: [],
      lines: [],
    };
    const maps = new Map(bare.maps?.map((map) => [map.name, map]));
    const object = { license: "", maps, programs: new Map([[BARE, program]]), configs: new Map(), btf: undefined };
    return new Machine(object, options);
  }

  get maps(): ReadonlyMap<string, MachineMap> {
    return this.#surroundings.maps;
  }

  /** The map with this name. @throws {RangeError} when the object has none: the message lists those it has */
  map(name: string): MachineMap {
    const map = this.maps.get(name);
    if (map !== undefined) return map;
    throw new RangeError(`the object has no map "${name}"; it has ${[...this.maps.keys()].join(", ") || "none"}`);
  }

  /** Makes a map that a map of maps can hold. */
  makeMap(spec: MapSpec): MachineMap {
    return makeMap(spec, this.#surroundings);
  }

  /** Time. Setting it fires no timers: `advance` does. */
  get clock(): Clock {
    return this.#surroundings.clock;
  }

  get cpus(): number {
    return this.#surroundings.cpus;
  }

  /** The CPU that programs run on; 0 at first. */
  get cpu(): number {
    return this.#surroundings.cpu;
  }

  set cpu(cpu: number) {
    this.#surroundings.cpu = cpu;
  }

  /** The process that programs find themselves in; the idle task at first. */
  get task(): Task {
    return this.#surroundings.task;
  }

  /** What programs wrote with `bpf_trace_printk`, line by line. */
  get trace(): string[] {
    return this.#surroundings.trace;
  }

  /** What `bpf_get_prandom_u32` gives; the same numbers in every machine unless set. */
  set random(next: () => number) {
    this.#surroundings.random = next;
  }

  /** What answers `bpf_fib_lookup`. */
  set fibLookup(answer: FibLookup) {
    this.#surroundings.fibLookup = answer;
  }

  /** Memory of the kernel that programs can read: a structure that an argument of a tracepoint points to. Gives its address. */
  kernelMemory(name: string, bytes: Uint8Array): bigint {
    return this.#surroundings.memory.add(name, bytes, { access: "read-only" });
  }

  /**
   * Runs a program.
   *
   * @throws {MachineError} when the program does what the verifier would not have let it do
   */
  run(input: MachineInput = {}): Outcome {
    const program = this.#program(input.program);
    const context = makeContext(program.spec, this.#surroundings.memory, input);
    const run = this.#begin(program, context);
    try {
      const result = run.start();
      return {
        result,
        steps: run.steps,
        packet: context.packet?.bytes ?? new Uint8Array(),
        metadata: context.packet?.metadata ?? new Uint8Array(),
        context: context.bytes ?? new Uint8Array(),
        output: joined(run.output),
        redirect: run.redirect,
      };
    } finally {
      this.#end(run);
      context.release();
    }
  }

  /** Lets time pass. Timers that are armed fire when their time comes, in order. */
  advance(nanoseconds: bigint): void {
    const { clock, timers } = this.#surroundings;
    const until = clock.now + nanoseconds;
    for (let next = timers.nextUntil(until); next !== undefined; next = timers.nextUntil(until)) {
      // One that was to fire in the past fires now.
      if (next.expired > clock.now) clock.now = next.expired;
      this.#fire(next.timer);
    }
    clock.now = until;
  }

  #fire(timer: Timer): void {
    const { callback, element } = timer;
    if (callback === undefined) return;
    const { memory, cpu } = this.#surroundings;
    const run = this.#begin(this.#program(callback.program));
    const key = memory.add("a key", element.key, { access: "read-only" });
    const value = element.address(element.values.length > 1 ? cpu : 0);
    timer.isRunning = true;
    try {
      run.startFunction(callback.slot, [element.map.address, key, value]);
    } finally {
      timer.isRunning = false;
      memory.remove(key);
      this.#end(run);
    }
  }

  #begin(program: MachineProgram, context?: ReturnType<typeof makeContext>): Run {
    const options = {
      surroundings: this.#surroundings,
      programs: this.#programs,
      calls: this.#calls,
      stepLimit: this.#stepLimit,
    };
    return new Run(options, program, context);
  }

  #end(run: Run): void {
    run.release();
    this.#surroundings.endGrace();
  }

  #program(name: string | undefined): MachineProgram {
    const names = [...this.#programs.keys()];
    const wanted = name ?? (names.length === 1 ? names[0] : undefined);
    const program = wanted === undefined ? undefined : this.#programs.get(wanted);
    if (program !== undefined) return program;
    const list = names.join(", ") || "none";
    throw new MachineError(
      name === undefined
        ? `say which program is to run: ${list}`
        : `the object has no program "${name}"; it has ${list}`,
    );
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
