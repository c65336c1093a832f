import type { NetworkInterface, XdpAttachment } from "@weir/kernel";
import { sharingWarnings } from "../dispatcher/warnings.ts";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import type { WatchedInterface } from "../monitor.ts";
import type { ProgramCost, Snapshot } from "../snapshot.ts";
import { attachBesideOthers } from "./attach-beside-others.ts";
import type { BudgetedProgram } from "./budget-control.ts";
import type { ListSettings, SharingSettings, TableSettings } from "./check-options.ts";
import { enabledStatistics, UNMEASURED } from "./enabled-statistics.ts";
import type { InterfaceStage, LoadedStage } from "./interface-stage.ts";
import { type LoadedMonitor, loadMonitor } from "./load-monitor.ts";
import { type Reading, read } from "./reading.ts";
import type { SampleSettings } from "./sample-settings.ts";
import { setRate } from "./sampled-program.ts";
import { type SamplingNow, SnapshotMaker, type Subject } from "./snapshot-maker.ts";
import { needsFrags } from "./usable-interface.ts";

/** Which monitor is to be on which interface. */
export interface InterfaceMonitorOptions {
  readonly target: NetworkInterface;
  readonly mode: Mode;
  readonly table: TableSettings;
  /** Whether the kernel measures the program. */
  readonly statistics: boolean;
  /** What is sampled; everything is counted without. */
  readonly sample?: SampleSettings | undefined;
  /** Id of a program of somebody else whose place it takes, if that is there. */
  readonly replaceForeign?: number | undefined;
  /** Whether it may be one of several programs; it is the only one unless given. */
  readonly sharing?: SharingSettings | undefined;
  /** Whether its cost is to be measured, and kept to a budget. */
  readonly budget?: boolean;
  /** What it does besides counting. */
  readonly stage?: InterfaceStage;
}

/** The monitor on one interface, attached as long as this lives. */
export class InterfaceMonitor implements BudgetedProgram, Disposable {
  #subject: WatchedInterface;
  readonly #loaded: LoadedMonitor;
  readonly #attachment: XdpAttachment;
  readonly #maker: SnapshotMaker;
  readonly #measured: boolean;
  readonly #stage: LoadedStage | undefined;
  readonly #resources: DisposableStack;
  #ending: EngineError | undefined;

  constructor(options: InterfaceMonitorOptions) {
    const { target, mode, table, statistics, sample, replaceForeign, sharing, budget = false, stage } = options;
    using stack = new DisposableStack();
    const refused = statistics ? enabledStatistics(stack) : undefined;
    this.#loaded = stack.use(loadMonitor({ table, sample, frags: needsFrags(target), ...stage }));
    this.#stage = stage && stack.use(stage.load(this.#loaded));
    const place = { target, mode, replaceForeign, sharing, budget };
    const { attachment, shared, problems } = attachBesideOthers(this.#loaded, place);
    this.#attachment = stack.use(attachment);
    const { program } = this.#loaded;
    const unmeasured = refused ?? (shared && statistics ? UNMEASURED : undefined);
    this.#measured = statistics && unmeasured === undefined;
    const attachedAt = process.hrtime.bigint();
    this.#maker = new SnapshotMaker(table, attachedAt, this.#loaded.maps);
    this.#stage?.begin(this.#attachment.mode, attachedAt);
    this.#subject = {
      name: target.name,
      index: target.index,
      mode: this.#attachment.mode,
      fallback: this.#attachment.fallback,
      programId: program.id,
      shared,
      statisticsRefused: unmeasured,
      warnings: [
        ...(shared === undefined ? [] : sharingWarnings(shared)),
        ...problems.map(({ reason }) => reason),
        ...(this.#stage?.warnings ?? []),
      ],
    };
    this.#resources = stack.move();
  }

  get subject(): WatchedInterface {
    return this.#subject;
  }

  /** Goes on under another name. */
  rename(name: string): void {
    if (name !== this.#subject.name) this.#subject = { ...this.#subject, name };
  }

  get attached(): boolean {
    this.#ending ??= this.#stage?.ending();
    return this.#attachment.attached && this.#ending === undefined;
  }

  cost(): ProgramCost {
    const { runs, runNanoseconds: nanoseconds } = this.#loaded.program.info();
    return { runs, nanoseconds };
  }

  setRate(rate: number): void {
    setRate(this.#loaded.object, rate);
  }

  snapshot(list: ListSettings, now: SamplingNow): Snapshot {
    return { ...this.#maker.make(...this.#read(), list, now), ...this.#stage?.read(true) };
  }

  /** A snapshot that does not count as one: the rates of the next do not begin with it. */
  peek(list: ListSettings, now: SamplingNow): Snapshot {
    return { ...this.#maker.peek(...this.#read(), list, now), ...this.#stage?.read(false) };
  }

  #read(): [Reading, Subject] {
    const { name, mode, fallback } = this.subject;
    // Asked before reading: so the last snapshot of an interface that goes holds all that came in on it.
    const { attached } = this;
    const cost = this.cost();
    // The machine's administrator may have switched statistics on, too.
    const program = this.#measured || cost.runs > 0n ? cost : undefined;
    return [read(this.#loaded.maps), { interface: name, mode, fallback, attached, program }];
  }

  /** What to say when it is not attached any more. */
  removal(): EngineError {
    const { name } = this.subject;
    if (this.#ending !== undefined) return this.#ending;
    return new EngineError(
      "WEIR_INTERFACE_REMOVED",
      `interface ${name} was removed, or the monitor was taken off it, while it was watched`,
    );
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}
