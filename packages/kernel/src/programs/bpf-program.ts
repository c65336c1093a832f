import { SLOT_SIZE } from "@weir/bytecode";
import { Attributes } from "../bpf/attributes.ts";
import { bpfOpen } from "../bpf/bpf-call.ts";
import { readObjectInfo } from "../bpf/object-info.ts";
import { openPinned, pinObject } from "../bpf/object-path.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { bpf_object_id, bpf_prog_info } from "../uapi/bpf.generated.ts";
import { type LiveFrameOptions, sendLiveFrames } from "./live-frames.ts";
import { type TestRunOptions, type TestRunResult, testRun } from "./test-run.ts";

/** What the kernel says of a program. */
export interface ProgramInfo {
  readonly id: number;
  /** At most 15 characters of it. */
  readonly name: string;
  /** Hash of the instructions, 16 hexadecimal digits: the same program has the same tag. */
  readonly tag: string;
  /** Times it ran, and nanoseconds it took: counted only while statistics are enabled, see `enableStatistics`. */
  readonly runs: bigint;
  readonly runNanoseconds: bigint;
  /** Instructions that the verifier went through (Linux 5.16; 0 before). */
  readonly verifiedInstructions: number;
  /** Instruction slots that the kernel runs: what the verifier left of the program, with what it put in. */
  readonly translatedInstructions: number;
}

/**
 * A program in the kernel.
 *
 * @example
 * ```ts
 * const { verdict } = program.testRun({ data: frame });
 * ```
 */
export class BpfProgram implements Disposable {
  readonly descriptor: FileDescriptor;
  readonly id: number;
  /** At most 15 characters: the kernel keeps no more. */
  readonly name: string;

  constructor(descriptor: FileDescriptor) {
    this.descriptor = descriptor;
    const { id, name } = this.info();
    this.id = id;
    this.name = name;
  }

  /** Opens a pinned program. @throws {KernelError} `WEIR_NOT_FOUND` */
  static open(path: string): BpfProgram {
    return adopt(openPinned(path, "program"));
  }

  /** Opens the program with this id. Since Linux 4.13. @throws {KernelError} `WEIR_NOT_FOUND` */
  static byId(id: number): BpfProgram {
    using attributes = new Attributes(bpf_object_id, { prog_id: id });
    return adopt(bpfOpen("BPF_PROG_GET_FD_BY_ID", attributes, `program with id ${id}`));
  }

  /** What the kernel says of it now. @throws {KernelError} */
  info(): ProgramInfo {
    return readObjectInfo(this.descriptor.number, bpf_prog_info, this.descriptor.what, (info) => ({
      id: info.number("id"),
      name: info.text("name"),
      tag: Buffer.from(info.bytes("tag")).toString("hex"),
      runs: info.bigint("run_cnt"),
      runNanoseconds: info.bigint("run_time_ns"),
      verifiedInstructions: info.number("verified_insns"),
      translatedInstructions: info.number("xlated_prog_len") / SLOT_SIZE,
    }));
  }

  /**
   * Runs the program on a packet in memory: nothing is received or sent.
   *
   * @example
   * ```ts
   * program.testRun({ data: frame, repeat: 1_000_000 }).nanoseconds; // mean time of one run
   * ```
   * Since Linux 4.12.
   * @throws {KernelError} when the frame has fewer than 14 bytes or too many for the program
   */
  testRun(options: TestRunOptions): TestRunResult {
    return testRun(this.descriptor, options);
  }

  /**
   * Runs the program on frames whose verdicts are carried out: a packet generator, or a load on the network stack.
   *
   * @example
   * ```ts
   * program.sendLiveFrames({ data: frame, count: 1_000_000 }); // mean nanoseconds of one frame
   * ```
   * Since Linux 5.18.
   * @throws {KernelError} `WEIR_KERNEL` when a signal came meanwhile (EINTR)
   */
  sendLiveFrames(options: LiveFrameOptions): number {
    return sendLiveFrames(this.descriptor, options);
  }

  /** Gives the program a name in a BPF file system, where it outlives this process. @throws {KernelError} */
  pin(path: string): void {
    pinObject(this.descriptor, path);
  }

  /** Closes the descriptor. The program lives on while it is attached, pinned or opened elsewhere. */
  [Symbol.dispose](): void {
    this.descriptor[Symbol.dispose]();
  }
}

/** A program made of a fresh descriptor, which is closed when the program cannot be made. */
function adopt(descriptor: FileDescriptor): BpfProgram {
  try {
    return new BpfProgram(descriptor);
  } catch (error) {
    descriptor[Symbol.dispose]();
    throw error;
  }
}
