import type { ObjectSpec } from "@weir/bytecode";
import { type BpfProgram, loadObject, type ProgramInfo } from "@weir/kernel";
import { median } from "./median.ts";
import type { Pair } from "./suite.ts";

/**
 * One of the programs that are compared, loaded several times: where in memory the kernel puts a program is chance, and worth up to a
 * tenth of what a short one takes.
 */
export class Contender {
  readonly #programs: readonly BpfProgram[];
  /** For each time it was loaded, nanoseconds of one run. */
  readonly #times: readonly number[][];

  constructor(pair: Pair, spec: ObjectSpec, loads: number, objects: DisposableStack) {
    const { program: name } = pair;
    this.#programs = Array.from({ length: loads }, () => {
      const object = objects.use(loadObject(spec));
      pair.prepare?.(object);
      const found = object.program(name);
      if (found.kind === "not found") throw new Error(`no program ${name}, only ${found.available.join(", ")}`);
      return found.program;
    });
    this.#times = this.#programs.map(() => []);
  }

  get info(): ProgramInfo {
    return this.program.info();
  }

  /** One of them. */
  get program(): BpfProgram {
    const [first] = this.#programs;
    if (first === undefined) throw new Error("it was never loaded");
    return first;
  }

  /** Times so many runs of it, where it was loaded for the `load`th time. @returns nanoseconds of one */
  time(load: number, data: Uint8Array, repeat: number): number {
    const program = this.#programs[load];
    if (program === undefined) throw new RangeError(`it was not loaded ${load + 1} times`);
    const time = measured(program, data, repeat);
    this.#times[load]?.push(time);
    return time;
  }

  /** Forgets the times. */
  begin(): void {
    for (const times of this.#times) times.length = 0;
  }

  /** Nanoseconds of one run: the middle one of the places, of each of which it is the middle one of the rounds. */
  get nanoseconds(): number {
    return median(this.#times.map(median));
  }

  /**
   * What it takes to what another one takes. Of times that were taken one after the other, so that a machine that is slower for a second
   * is so for both.
   */
  ratioTo(other: Contender): number {
    return median(this.#times.map((times, load) => median(times.map((time, round) => time / other.#at(load, round)))));
  }

  #at(load: number, round: number): number {
    const time = this.#times[load]?.[round];
    if (time === undefined) throw new RangeError(`no round ${round + 1} at place ${load + 1}`);
    return time;
  }
}

/**
 * Nanoseconds of one run over a packet, many runs' mean. By the CPU time of this thread: the kernel gives whole nanoseconds of clock, of
 * which one is some percent, and another process may run in between.
 */
function measured(program: BpfProgram, data: Uint8Array, repeat: number): number {
  const before = process.threadCpuUsage();
  program.testRun({ data, repeat });
  const { user, system } = process.threadCpuUsage(before);
  return ((user + system) * 1000) / repeat;
}
