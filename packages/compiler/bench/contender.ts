import type { ObjectSpec } from "@weir/bytecode";
import { type BpfProgram, loadObject } from "@weir/kernel";

/** How long a timed run should take: long enough for the clock, short enough to take turns often. */
const RUN_NANOSECONDS = 8_000_000;
const CALIBRATION = 20_000;

/** One of the programs that are compared, loaded. */
export class Contender {
  readonly program: BpfProgram;
  /** How often it runs for one time. */
  #repeat = 0;

  constructor(spec: ObjectSpec, name: string, objects: DisposableStack) {
    const object = objects.use(loadObject(spec));
    const found = object.program(name);
    if (found.kind === "not found") throw new Error(`no program ${name}, only ${found.available.join(", ")}`);
    this.program = found.program;
  }

  /** Nanoseconds of one run over a frame, many runs' mean. */
  time(data: Uint8Array): number {
    if (this.#repeat === 0) {
      const once = this.#measured(data, CALIBRATION);
      this.#repeat = Math.max(CALIBRATION, Math.round(RUN_NANOSECONDS / once));
    }
    return this.#measured(data, this.#repeat);
  }

  /**
   * By the CPU time of this thread: the kernel gives whole nanoseconds of clock, of which one is some percent, and another process
   * may run in between.
   */
  #measured(data: Uint8Array, repeat: number): number {
    const before = process.threadCpuUsage();
    this.program.testRun({ data, repeat });
    const { user, system } = process.threadCpuUsage(before);
    return ((user + system) * 1000) / repeat;
  }
}
