import { enableStatistics, KernelError, type XdpAttachment } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import type { WatchedInterface } from "../monitor.ts";
import type { ProgramCost, Snapshot } from "../snapshot.ts";
import { attachMonitor } from "./attach-monitor.ts";
import type { ListSettings, TableSettings } from "./check-options.ts";
import { type LoadedMonitor, loadMonitor } from "./load-monitor.ts";
import { type Reading, read } from "./reading.ts";
import { SnapshotMaker, type Subject } from "./snapshot-maker.ts";
import { needsFrags, usableInterface } from "./usable-interface.ts";

/** The monitor on one interface, attached as long as this lives. */
export class InterfaceMonitor implements Disposable {
  readonly subject: WatchedInterface;
  readonly #loaded: LoadedMonitor;
  readonly #attachment: XdpAttachment;
  readonly #maker: SnapshotMaker;
  readonly #measured: boolean;
  readonly #resources: DisposableStack;

  /** @param statistics whether the kernel measures the program */
  constructor(name: string, mode: Mode, table: TableSettings, statistics: boolean) {
    const target = usableInterface(name);
    using stack = new DisposableStack();
    const refused = statistics ? enabledIn(stack) : undefined;
    this.#measured = statistics && refused === undefined;
    this.#loaded = stack.use(loadMonitor(table, { frags: needsFrags(target) }));
    this.#attachment = stack.use(attachMonitor(this.#loaded.program, target, mode));
    this.#maker = new SnapshotMaker(table, process.hrtime.bigint());
    this.subject = {
      name: target.name,
      index: target.index,
      mode: this.#attachment.mode,
      fallback: this.#attachment.fallbackReason,
      programId: this.#loaded.program.id,
      statisticsRefused: refused,
    };
    this.#resources = stack.move();
  }

  get attached(): boolean {
    return this.#attachment.attached;
  }

  snapshot(list: ListSettings): Snapshot {
    return this.#maker.make(...this.#read(), list);
  }

  /** A snapshot that does not count as one: the rates of the next do not begin with it. */
  peek(list: ListSettings): Snapshot {
    return this.#maker.peek(...this.#read(), list);
  }

  #read(): [Reading, Subject] {
    const { name, mode } = this.subject;
    // Asked before reading: so the last snapshot of an interface that goes holds all that came in on it.
    const { attached } = this.#attachment;
    return [read(this.#loaded.maps), { interface: name, mode, attached, program: this.#cost() }];
  }

  /** The machine's administrator may have switched statistics on, too. */
  #cost(): ProgramCost | undefined {
    const { runs, runNanoseconds } = this.#loaded.program.info();
    return this.#measured || runs > 0n ? { runs, nanoseconds: runNanoseconds } : undefined;
  }

  /** What to say when the interface is gone. */
  removal(): EngineError {
    const { name } = this.subject;
    return new EngineError(
      "WEIR_INTERFACE_REMOVED",
      `interface ${name} was removed, or the monitor was taken off it, while it was watched`,
    );
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

/** Switches statistics on until the stack is disposed; gives the reason where that is not permitted: it takes CAP_SYS_ADMIN. */
function enabledIn(stack: DisposableStack): string | undefined {
  try {
    stack.use(enableStatistics());
    return undefined;
  } catch (error) {
    if (error instanceof KernelError && error.code === "WEIR_PERMISSION") return error.message;
    throw error;
  }
}
