import { closeSync, constants, mkdirSync, openSync, readdirSync, readSync, rmdirSync, writeFileSync } from "node:fs";
import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { FSCONFIG_CMD_CREATE, FSMOUNT_CLOEXEC, FSOPEN_CLOEXEC } from "../uapi/macros.ts";

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
const CHUNK = 64 * 1024;

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
  /** Of the tracing file system, mounted nowhere. */
  readonly #mount: FileDescriptor;
  readonly #instance: string;
  readonly #pipe: number;
  #rest = "";

  private constructor(mount: FileDescriptor, instance: string) {
    this.#mount = mount;
    this.#instance = instance;
    writeFileSync(`${instance}/${EVENT}`, "1");
    this.#pipe = openSync(`${instance}/trace_pipe`, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  /** @throws {KernelError} `WEIR_PERMISSION`; `WEIR_NOT_SUPPORTED` when the kernel has no tracing, or is locked down */
  static open(): TraceOutput {
    const mount = mountTracing();
    const instances = `/proc/self/fd/${mount.number}/instances`;
    const instance = `${instances}/${PREFIX}${process.pid}`;
    try {
      removeStale(instances);
      mkdirSync(instance);
      return new TraceOutput(mount, instance);
    } catch (error) {
      remove(instance);
      mount[Symbol.dispose]();
      throw unavailable(error);
    }
  }

  /** The lines that have come since the last time, and a note where some were lost. */
  drain(): TraceLine[] {
    const lines = (this.#rest + this.#read()).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => {
      const [, task, cpu, time, text] = LINE.exec(line) ?? [];
      if (task === undefined || text === undefined) return [];
      return { text, cpu: Number(cpu), time: Number(time), task: task.trim() };
    });
  }

  [Symbol.dispose](): void {
    closeSync(this.#pipe);
    remove(this.#instance);
    this.#mount[Symbol.dispose]();
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
        if (error instanceof Error && "code" in error && error.code === "EAGAIN") return text;
        throw error;
      }
    }
  }
}

/** The tracing file system, without a place in the file system: gone when the descriptor is. */
function mountTracing(): FileDescriptor {
  const { fsopen, fsconfig, fsmount } = nativeCalls();
  using type = arena().text("tracefs");
  const context = fsopen(type.address, FSOPEN_CLOEXEC);
  if (context < 0) throw refused("fsopen", -context);
  using descriptor = new FileDescriptor(context, "tracefs");
  const created = fsconfig(descriptor.number, FSCONFIG_CMD_CREATE);
  if (created < 0) throw refused("fsconfig", -created);
  const mounted = fsmount(descriptor.number, FSMOUNT_CLOEXEC);
  if (mounted < 0) throw refused("fsmount", -mounted);
  return new FileDescriptor(mounted, "tracefs");
}

function refused(attempted: string, errno: number): KernelError {
  return systemError(attempted, "the tracing file system", errno, {
    advice: ["What programs print is read there. It needs root, and a kernel with CONFIG_BPF_EVENTS."],
  });
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
    const process = new RegExp(`^${PREFIX}(\\d+)$`).exec(name)?.[1];
    if (process !== undefined && !isAlive(Number(process))) remove(`${instances}/${name}`);
  }
}

function isAlive(process_: number): boolean {
  try {
    return process.kill(process_, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** An instance that somebody else reads, or that is gone, stays as it is. */
function remove(instance: string): void {
  try {
    rmdirSync(instance);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "EBUSY" || error.code === "ENOENT")))
      throw error;
  }
}
