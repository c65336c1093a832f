import { type BpfProgram, KernelError } from "@weir/kernel";
import { readCapture } from "../captures/capture.ts";
import type { Frame } from "../captures/frame.ts";
import { Turns } from "../captures/turns.ts";
import { connectionAt } from "../flow-table/connection-row.ts";
import { growthSince } from "../flow-table/growth.ts";
import { list as listRows } from "../flow-table/listing.ts";
import { listSettings, tableSettings } from "../monitor/check-options.ts";
import { type LoadedMonitor, loadMonitor } from "../monitor/load-monitor.ts";
import { read } from "../monitor/reading.ts";
import { sampleSettings } from "../monitor/sample-settings.ts";
import { samplingOf } from "../monitor/snapshot-maker.ts";
import { countersOf } from "../monitor/stats-sums.ts";
import type { ReplayOptions } from "../options.ts";
import type { Replay, Verdict } from "../replay-result.ts";
import { noVerdicts, verdictOf } from "./verdict.ts";

/** The table's size unless another is asked for: a file has more connections than an interface has at a time. */
const CONNECTIONS = 65_536;
/** The kernel takes no shorter packets for a test run: an Ethernet header. */
const SHORTEST = 14;
/** Any kernel that runs the monitor takes frames up to this length: what fits a page besides headroom and tailroom. */
const ALWAYS_TAKEN = 3000;

/**
 * Runs the frames of a capture file through the monitor, in the kernel but without an interface, and gives what it counted.
 * A frame counts with the length that was captured.
 *
 * @example
 * ```ts
 * const { counters, connections } = await replay("trace.pcapng");
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws {CaptureError} where the file is empty, no capture, damaged, cut off, or not of Ethernet
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_FILE`
 * @throws {KernelError} `WEIR_PERMISSION`
 */
export async function replay(path: string, options: ReplayOptions = {}): Promise<Replay> {
  const settings = replaySettings(options);
  const frames = readCapture(path);
  try {
    // Read before anything is loaded: so what is wrong with the file is told also to those who may not load.
    const first = frames.next();
    using run = new MonitorRun(settings);
    await forEachFrame(frames, first, options.signal, ({ bytes }) => run.take(bytes));
    return run.result;
  } finally {
    frames.return(undefined);
  }
}

/** Does something with each frame, waits where that has to, and lets others have their turn. */
export async function forEachFrame(
  frames: Iterator<Frame>,
  first: IteratorResult<Frame>,
  signal: AbortSignal | undefined,
  take: (frame: Frame) => void | Promise<void>,
): Promise<void> {
  const turns = new Turns();
  for (let next = first; !next.done; next = frames.next()) {
    const taking = take(next.value);
    if (taking !== undefined) await taking;
    if (turns.isDue) {
      await turns.give();
      signal?.throwIfAborted();
    }
  }
}

/** Options of a replay that were checked. */
interface ReplaySettings {
  readonly list: ReturnType<typeof listSettings>;
  readonly table: ReturnType<typeof tableSettings>;
  readonly sample: ReturnType<typeof sampleSettings>;
}

/** @throws {EngineError} `WEIR_OPTION` */
export function replaySettings(options: ReplayOptions): ReplaySettings {
  return {
    list: listSettings(options),
    table: tableSettings({ connections: options.connections ?? CONNECTIONS, idle: 0 }),
    sample: sampleSettings(options),
  };
}

/** The monitor, which is given frames one by one. */
export class MonitorRun implements Disposable {
  readonly #settings: ReplaySettings;
  readonly #monitor: LoadedMonitor;
  readonly #program: BpfProgram;
  readonly #skipped = { tooShort: 0, tooLong: 0 };
  readonly #verdicts = noVerdicts();
  #frames = 0;

  /** @throws {KernelError} where it cannot be loaded */
  constructor(settings: ReplaySettings) {
    const { table, sample } = settings;
    using stack = new DisposableStack();
    const monitor = stack.use(loadMonitor({ table, sample, frags: true }));
    this.#settings = settings;
    this.#program = monitor.program;
    this.#monitor = monitor;
    stack.move();
  }

  take(bytes: Uint8Array): void {
    const verdict = bytes.length < SHORTEST ? "tooShort" : run(this.#program, bytes);
    if (verdict === "tooShort" || verdict === "tooLong") {
      this.#skipped[verdict]++;
    } else {
      this.#frames++;
      this.#verdicts[verdict]++;
    }
  }

  get result(): Replay {
    const { list, sample } = this.#settings;
    const { stats, families, identity } = read(this.#monitor.maps);
    const { connections, tracked } = listRows(families, { ...list, idleBefore: 0n }, growthSince([]), connectionAt);
    const sampling = samplingOf({ sample, budget: undefined }, tracked);
    return {
      ...{ frames: this.#frames, skipped: this.#skipped, verdicts: this.#verdicts },
      ...{ counters: countersOf(stats), sampling, identity, connections, tracked },
    };
  }

  [Symbol.dispose](): void {
    this.#monitor[Symbol.dispose]();
  }
}

/** The program's answer; the frame may be too long for the kernel. */
function run(program: BpfProgram, data: Uint8Array): Verdict | "tooLong" {
  try {
    return verdictOf(program.testRun({ data }).verdict);
  } catch (error) {
    // How much the kernel takes depends on its version and page size; it refuses with various errors.
    if (error instanceof KernelError && data.length > ALWAYS_TAKEN) return "tooLong";
    throw error;
  }
}
