import type { Mode } from "./mode.ts";
import type { WatchedInterface } from "./monitor.ts";
import type { SharingOptions } from "./options.ts";
import type { Verdict } from "./replay-result.ts";

/** Which frames to capture, and where to. */
export interface CaptureOptions extends SharingOptions {
  /**
   * Path of the pcapng file, which is overwritten, or a descriptor that is open for writing and stays open. A pipe is never
   * waited for: a reader who is behind fills the rings.
   */
  readonly output: string | number;
  /** Default `"auto"`. */
  readonly mode?: Mode | undefined;
  /** Bytes to keep of a frame, at most: 1 to 65,535. Default 65,535, which is all of nearly every frame. */
  readonly snapLength?: number | undefined;
  /** Capture one frame in so many, chosen at random. Default 1: every frame. */
  readonly sample?: number | undefined;
  /** End after exactly so many frames. Default: go on. */
  readonly count?: number | undefined;
  /** End after so many seconds. Default: go on. */
  readonly duration?: number | undefined;
  /** Only frames on which the program decides so. Default: all. */
  readonly verdicts?: readonly Exclude<Verdict, "other">[] | undefined;
  /**
   * Only frames that rules of the interface sample: `"all"` of them, or those with these names. The capture is where the rules are, so
   * `mode`, `shared` and `priority` are not to be said. Default: all frames, of an interface without a monitor.
   */
  readonly sampled?: "all" | readonly string[] | undefined;
  /** MiB of packets that the ring of each CPU holds, rounded up to a power of two. Default 8. */
  readonly ring?: number | undefined;
  /** Ends the capture; the file is complete then. */
  readonly signal?: AbortSignal | undefined;
  /** What the file says it was written by. Default `"weir"`. */
  readonly application?: string | undefined;
}

/** What became of frames: `seen` is the sum of all others, as soon as no frame is on its way. */
export interface CaptureCounts {
  /** Frames that came in. */
  readonly seen: bigint;
  /** Frames that were put into a ring. */
  readonly captured: bigint;
  /** Frames that found their ring full. */
  readonly ringFull: bigint;
  /** Frames on a CPU that has no ring, because it was plugged in later. */
  readonly noRing: bigint;
  /** Frames whose bytes the kernel did not give. */
  readonly uncopied: bigint;
  /** Frames with another verdict than those asked for. */
  readonly otherVerdict: bigint;
  /** Frames that the sampling left out. */
  readonly sampledOut: bigint;
  /** Frames that came after the last one that was asked for. */
  readonly pastCount: bigint;
}

/** Why a capture ended. */
export type CaptureEnd = "signal" | "count" | "duration" | "reader gone";

/** What a capture has seen and written. */
export interface CaptureStatistics extends CaptureCounts {
  /** Frames that were captured and could not be written, because the output failed or its reader left. */
  readonly unwritten: bigint;
  /** Frames lost: `ringFull`, `noRing`, `uncopied` and `unwritten` together. */
  readonly lost: bigint;
  /** Frames in the output: captured and not unwritten. While the capture runs, some of them are on their way to it. */
  readonly written: bigint;
  /** Bytes in the output. */
  readonly outputBytes: number;
  /** By CPU; those that saw no frame are left out. */
  readonly cpus: readonly (CaptureCounts & { readonly cpu: number })[];
}

/** What a finished capture says. */
export interface CaptureResult extends CaptureStatistics {
  readonly end: CaptureEnd;
}

/** The interface that is captured. */
export type CapturedInterface = Omit<WatchedInterface, "statisticsRefused">;

/** A capture on an interface. The program is taken off when it is closed, and when the process ends in whatever way. */
export interface Capture extends Disposable {
  readonly interface: CapturedInterface;
  /** Bytes of all rings together. */
  readonly ringMemory: number;
  /**
   * Writes until the end that was asked for; to be called once.
   *
   * @throws {EngineError} `WEIR_INTERFACE_REMOVED` when the interface goes, with the file complete; `WEIR_OUTPUT` when the
   * output cannot be written: a file then ends behind the last whole block
   */
  run(): Promise<CaptureResult>;
  /** What has been counted until now. */
  statistics(): CaptureStatistics;
  /** Takes the program off, and closes the output when `run` has written the rest. Closing twice is harmless. */
  close(): void;
}
