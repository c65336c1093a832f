import { closeSync, constants, mkdirSync, openSync, readdirSync, readSync, rmdirSync, writeFileSync } from "node:fs";
import { hasCode } from "../errors/has-code.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { TracingFileSystem } from "./tracing-file-system.ts";

/** A line that a program has printed (`bpf_trace_printk`). */
export interface TraceLine {
  readonly text: string;
  readonly cpu: number;
  /** Seconds, by the kernel's clock for traces. */
  readonly time: number;
  /** The process that was interrupted, or ran the program. */
  readonly task: string;
}

const PREFIX = "weir-";
const EVENT = "events/bpf_trace/bpf_trace_printk/enable";
const LINE = /^ *(.+)-\d+ +\[(\d+)\] \S+ +([\d.]+): bpf_trace_printk: (.*)$/;
const LOST = /^CPU:\d+ \[LOST (\d+) EVENTS\]$/;
const CHUNK = 64 * 1024;
/** So that a process can have several. */
let opened = 0;

/**
 * What programs print from now on, all programs of the system. It is read through an instance of the tracing system of its own: other
 * readers of the trace lose nothing.
 *
 * @example
 * ```ts
 * using trace = TraceOutput.open();
 * for (const { cpu, text } of trace.drain()) console.log(cpu, text);
 * ```
 * Since Linux 5.9.
 */
export class TraceOutput implements Disposable {
  readonly #fileSystem: TracingFileSystem;
  readonly #instance: string;
  readonly #pipe: number;
  #rest = "";
  #lost = 0;

  private constructor(fileSystem: TracingFileSystem, instance: string) {
    this.#fileSystem = fileSystem;
    this.#instance = instance;
    writeFileSync(`${instance}/${EVENT}`, "1");
    this.#pipe = openSync(`${instance}/trace_pipe`, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  /** @throws {KernelError} `WEIR_PERMISSION`; `WEIR_NOT_SUPPORTED` when the kernel has no tracing, or is locked down */
  static open(): TraceOutput {
    const fileSystem = new TracingFileSystem();
    const instances = fileSystem.path("instances");
    const instance = `${instances}/${PREFIX}${process.pid}-${++opened}`;
    try {
      removeStale(instances);
      mkdirSync(instance);
      return new TraceOutput(fileSystem, instance);
    } catch (error) {
      remove(instance);
      fileSystem[Symbol.dispose]();
      throw unavailable(error);
    }
  }

  /** Lines that were lost because they came faster than they were read, as far as `drain` has come to know. */
  get lost(): number {
    return this.#lost;
  }

  /** The lines that have come since the last time. */
  drain(): TraceLine[] {
    const lines = (this.#rest + this.#read()).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => {
      this.#lost += Number(LOST.exec(line)?.[1] ?? 0);
      const [, task, cpu, time, text] = LINE.exec(line) ?? [];
      if (task === undefined || text === undefined) return [];
      return { text, cpu: Number(cpu), time: Number(time), task: task.trim() };
    });
  }

  [Symbol.dispose](): void {
    closeSync(this.#pipe);
    remove(this.#instance);
    this.#fileSystem[Symbol.dispose]();
  }

  #read(): string {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let text = "";
    for (;;) {
      try {
        const length = readSync(this.#pipe, chunk);
        if (length === 0) return text;
        text += chunk.toString("utf8", 0, length);
      } catch (error) {
        if (hasCode(error, "EAGAIN")) return text;
        throw error;
      }
    }
  }
}

/** What the file system says of the files in it, as an error of the kernel. */
function unavailable(error: unknown): KernelError {
  const answer = error instanceof Error ? error.message : String(error);
  const advice = ["What programs print is read there; a kernel that is locked down does not give it."];
  const parts = { code: "WEIR_NOT_SUPPORTED", attempted: "open", subject: "the kernel's trace", errno: 0 } as const;
  return new KernelError({ ...parts, answer, advice }, { cause: error });
}

/** Removes the instances of processes that were killed. */
function removeStale(instances: string): void {
  for (const name of readdirSync(instances)) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-\\d+$`).exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) remove(`${instances}/${name}`);
  }
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

/** An instance that somebody else reads, or that is gone, stays as it is. */
function remove(instance: string): void {
  try {
    rmdirSync(instance);
  } catch (error) {
    if (!hasCode(error, "EBUSY", "ENOENT")) throw error;
  }
}
