import { type NetworkInterface, realTimeOffset, type XdpAttachment } from "@weir/kernel";
import { SharedAttachment } from "../dispatcher/shared-attachment.ts";
import { sharingWarnings } from "../dispatcher/warnings.ts";
import { EngineError } from "../errors.ts";
import type {
  Capture,
  CapturedInterface,
  CaptureEnd,
  CaptureOptions,
  CaptureResult,
  CaptureStatistics,
} from "../live-capture.ts";
import { isShared } from "../monitor/attach-beside-others.ts";
import { attachProgram } from "../monitor/attach-monitor.ts";
import { needsFrags, usableInterface } from "../monitor/usable-interface.ts";
import { attachHeld } from "../pinned/held-attachment.ts";
import type { PinProblem } from "../pinned-monitor.ts";
import { type LoadedCapture, loadCapture } from "./load.ts";
import { OrderedBlocks } from "./ordered-blocks.ts";
import { CaptureOutput, ReaderGone } from "./output.ts";
import type { CaptureRings } from "./rings.ts";
import { SampledAttachment } from "./sampled-attachment.ts";
import { SampledRules } from "./sampled-rules.ts";
import { type CaptureSettings, captureSettings } from "./settings.ts";
import { Sleep } from "./sleep.ts";
import { captureStatistics, isSettled } from "./statistics.ts";
import { headBlocks, type Subject, statisticsBlock } from "./surrounding-blocks.ts";
import { CaptureWriter } from "./writer.ts";

/**
 * Captures the frames that come in on an interface, before the network stack sees them, into a pcapng file or a pipe. Where a dispatcher of
 * libxdp is, it joins the programs that are there.
 *
 * @example
 * ```ts
 * using frames = capture("eth0", { output: "eth0.pcapng", snapLength: 96, count: 1000 });
 * const { written, lost } = await frames.run();
 * console.log(`${written} frames written, ${lost} lost`);
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @param name of the interface, or an alternative name
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_OUTPUT` when the file cannot be opened, `WEIR_INTERFACE_DOWN`, `WEIR_MODE`
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_BUSY` when an XDP program is there, `WEIR_PERMISSION`; nothing is
 * attached then
 */
export function capture(name: string, options: CaptureOptions): Capture {
  return new LiveCapture(name, options);
}

/** Milliseconds between two looks at the rings: short enough for a reader who watches, and for a ring to fill in between. */
const INTERVAL = 10;
/** Milliseconds between two looks at the interface. */
const SLOW_INTERVAL = 500;
/** Readings of the clocks at each look at the rings. */
const QUICK_READINGS = 3;
/** A clock that is off by less was not set, but read a little differently. Nanoseconds. */
const CLOCK_STEP = 10_000n;
/** How long packets may still be on their way through a program that was taken off. Milliseconds. */
const SETTLING = 1000;

class LiveCapture implements Capture {
  readonly interface: CapturedInterface;
  readonly ringMemory: number;
  readonly #settings: CaptureSettings;
  readonly #subject: Subject;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #output: CaptureOutput;
  readonly #rings: CaptureRings;
  readonly #writer: CaptureWriter;
  readonly #attachment: XdpAttachment | SampledAttachment;
  readonly #resources: DisposableStack;
  #clockOffset = 0n;
  #running = false;
  /** What was counted until the rings were closed. */
  #last: CaptureStatistics | undefined;

  constructor(name: string, options: CaptureOptions) {
    const settings = captureSettings(options);
    const target = usableInterface(name);
    using stack = new DisposableStack();
    const { sampled: names } = settings;
    const sampled = names === undefined ? undefined : stack.use(new SampledRules(target, names));
    const loaded = stack.use(loadCapture(settings, { frags: needsFrags(target), sampled }));
    const output = stack.use(new CaptureOutput(options.output));
    this.#settings = settings;
    this.#signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    this.#output = output;
    this.#rings = loaded.rings;
    this.#keepClock();
    const started = this.#now();
    this.#writer = new CaptureWriter(new OrderedBlocks(loaded.rings.cursors, started), output);
    const { attachment, problems } = attachCapture({ loaded, sampled, target, settings, output });
    this.#attachment = attachment;
    stack.defer(() => this.#attachment.detach());
    const { mode, fallback } = this.#attachment;
    this.#subject = { target, mode, settings, started, application: options.application ?? "weir" };
    this.ringMemory = loaded.ringMemory;
    const shared = this.#attachment instanceof SharedAttachment ? this.#attachment.shared : undefined;
    const before = shared === undefined ? [] : sharingWarnings(shared, "captured", "captures");
    const warnings = [...before, ...problems.map(({ reason }) => reason)];
    const { name: known, index } = target;
    this.interface = { name: known, index, mode, fallback, programId: loaded.program.id, shared, warnings };
    this.#resources = stack.move();
  }

  async run(): Promise<CaptureResult> {
    this.#running = true;
    try {
      const end = await this.#runToEnd();
      if (end !== "removed") return { ...this.statistics(), end };
      throw new EngineError("WEIR_INTERFACE_REMOVED", `${this.#removed}; what came in before is in the output`);
    } finally {
      this.#running = false;
      this.close();
    }
  }

  statistics(): CaptureStatistics {
    if (this.#last !== undefined) return this.#last;
    return captureStatistics(this.#rings.counts(), this.#writer.unwritten, this.#output.bytes);
  }

  close(): void {
    if (this.#resources.disposed) return;
    if (this.#running) {
      // It has the rest to write, and closes when that is done.
      this.#attachment.detach();
      this.#closing.abort();
      return;
    }
    this.#last = this.statistics();
    this.#resources.dispose();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #runToEnd(): Promise<CaptureEnd | "removed"> {
    try {
      const end = await this.#pump();
      await this.#stop();
      await this.#writer.drainAll();
      await this.#writer.block(this.#statisticsBlock());
      return end;
    } catch (error) {
      await this.#stop();
      if (error instanceof ReaderGone) {
        this.#writer.abandon();
        return "reader gone";
      }
      if (error instanceof EngineError) await this.#writer.save(() => this.#statisticsBlock());
      throw error;
    }
  }

  /** Writes what comes in, until the capture ends. */
  async #pump(): Promise<CaptureEnd | "removed"> {
    const { count, duration } = this.#settings;
    using sleep = new Sleep(this.#signal, duration);
    this.#output.begin();
    await this.#writer.block(headBlocks(this.#subject));
    for (let looked = performance.now(); ; ) {
      // When the clock was set back, the times of what came before it say nothing about the order.
      const backwards = this.#keepClock(QUICK_READINGS) < 0n;
      const moved = this.#writer.drain(backwards ? undefined : this.#now());
      if (count > 0 && this.#rings.captured >= count) return "count";
      const now = performance.now();
      if (now - looked >= SLOW_INTERVAL) {
        looked = now;
        if (!this.#attachment.attached) return "removed";
      }
      // Where much came in meanwhile, more is coming.
      const end = await sleep.for(moved > this.#settings.ring / 8 ? 0 : INTERVAL);
      if (end !== undefined) return end;
    }
  }

  /** Takes the program off, and waits for the packets that are on their way through it. */
  async #stop(): Promise<void> {
    this.#attachment.detach();
    const end = performance.now() + SETTLING;
    while (!isSettled(this.statistics()) && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  get #removed(): string {
    const { name } = this.interface;
    return this.#settings.sampled === undefined
      ? `interface ${name} was removed, or the program was taken off it, while it was captured`
      : `other rules were applied to ${name}, or weir was taken off it, while what the rules sample was captured`;
  }

  #statisticsBlock(): Uint8Array {
    return statisticsBlock(this.#subject, this.statistics(), this.#now());
  }

  /** Nanoseconds since 1970, as the program has them. */
  #now(): bigint {
    return process.hrtime.bigint() + this.#clockOffset;
  }

  /** By how much the clock was set since the last time. */
  #keepClock(readings?: number): bigint {
    const { offset, uncertainty } = realTimeOffset(readings);
    const change = offset - this.#clockOffset;
    // Smaller differences come from reading the clocks, and would let times go back.
    if (change < CLOCK_STEP + uncertainty && change > -CLOCK_STEP - uncertainty) return 0n;
    this.#clockOffset = offset;
    this.#rings.setClockOffset(offset);
    return change;
  }
}

interface AttachCaptureOptions {
  readonly loaded: LoadedCapture;
  readonly sampled: SampledRules | undefined;
  readonly target: NetworkInterface;
  readonly settings: CaptureSettings;
  readonly output: CaptureOutput;
}

/** Leaves no new file behind when there is nothing to capture. */
function attachCapture({ loaded, sampled, target, settings, output }: AttachCaptureOptions): {
  readonly attachment: XdpAttachment | SampledAttachment;
  readonly problems: readonly PinProblem[];
} {
  const { mode, sharing } = settings;
  try {
    if (sampled !== undefined) {
      return { attachment: new SampledAttachment(sampled.monitor, target, loaded), problems: [] };
    }
    if (isShared(target, sharing)) return attachHeld(loaded, target, mode, sharing);
    const attachment = attachProgram(loaded.program, target, mode, ({ name }, other) => {
      return `a capture of weir is running on ${name} already: ${other}. It was left as it is.`;
    });
    return { attachment, problems: [] };
  } catch (error) {
    output.discard();
    throw error;
  }
}
