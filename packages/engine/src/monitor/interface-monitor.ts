import type { XdpAttachment } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import type { WatchedInterface } from "../monitor.ts";
import type { Snapshot } from "../snapshot.ts";
import { attachMonitor } from "./attach-monitor.ts";
import type { ListSettings, TableSettings } from "./check-options.ts";
import { type LoadedMonitor, loadMonitor } from "./load-monitor.ts";
import { read } from "./reading.ts";
import { SnapshotMaker } from "./snapshot-maker.ts";
import { needsFrags, usableInterface } from "./usable-interface.ts";

/** The monitor on one interface, attached as long as this lives. */
export class InterfaceMonitor implements Disposable {
  readonly subject: WatchedInterface;
  readonly #loaded: LoadedMonitor;
  readonly #attachment: XdpAttachment;
  readonly #maker: SnapshotMaker;

  constructor(name: string, mode: Mode, table: TableSettings) {
    const target = usableInterface(name);
    using stack = new DisposableStack();
    this.#loaded = stack.use(loadMonitor(table, { frags: needsFrags(target) }));
    this.#attachment = stack.use(attachMonitor(this.#loaded.program, target, mode));
    this.#maker = new SnapshotMaker(table, process.hrtime.bigint());
    this.subject = {
      name: target.name,
      index: target.index,
      mode: this.#attachment.mode,
      fallback: this.#attachment.fallbackReason,
      programId: this.#loaded.program.id,
    };
    stack.move();
  }

  snapshot(list: ListSettings): Snapshot {
    const { name, mode } = this.subject;
    // Asked before reading: so the last snapshot of an interface that goes holds all that came in on it.
    const { attached } = this.#attachment;
    return this.#maker.make(read(this.#loaded.maps), list, { interface: name, mode, attached });
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
    this.#attachment.detach();
    this.#loaded[Symbol.dispose]();
  }
}
