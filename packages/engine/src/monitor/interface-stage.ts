import type { ObjectSpec } from "@weir/bytecode";
import type { EngineError } from "../errors.ts";
import type { AttachedMode } from "../mode.ts";
import type { Snapshot } from "../snapshot.ts";
import type { LoadedMonitor } from "./load-monitor.ts";

/** What a monitor's program does besides counting, and what there is to say of it: before it is loaded. */
export interface InterfaceStage {
  /** An object with the monitor's maps and settings. */
  readonly object: ObjectSpec;
  /** Its program. */
  readonly program: string;
  /** Prepares what the program needs, before it is attached. */
  load(loaded: LoadedMonitor): LoadedStage;
}

/** The same when it is loaded. */
export interface LoadedStage extends Disposable {
  /** What may go wrong, a sentence each. */
  readonly warnings: readonly string[];
  /** @param at nanoseconds of CLOCK_MONOTONIC */
  begin(mode: AttachedMode, at: bigint): void;
  /** What it adds to a snapshot; `keep` says whether the rates of the next one begin here. */
  read(keep: boolean): Pick<Snapshot, "steering">;
  /** Why the program has to be taken off although its interface is there; undefined as long as it has not. */
  ending(): EngineError | undefined;
}
