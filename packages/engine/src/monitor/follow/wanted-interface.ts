import type { NetworkInterface } from "@weir/kernel";
import type { EngineError } from "../../errors.ts";
import type { EarlierCounts, Snapshot } from "../../snapshot.ts";
import type { InterfaceMonitor } from "../interface-monitor.ts";

/** An interface that was asked for by its name, and what became of it. */
export interface WantedInterface {
  readonly name: string;
  /** What earlier interfaces of that name had. */
  earlier: EarlierCounts | undefined;
  /** Why there is none now. */
  removal: EngineError | undefined;
  /** Somebody took the program off, which is respected: it is not attached again. */
  isOver: boolean;
}

/** An interface that is attached and followed. */
export interface FollowedInterface {
  readonly monitor: InterfaceMonitor;
  /** Undefined when a pattern found it. */
  readonly wanted: WantedInterface | undefined;
  /** As it was last told. */
  told: NetworkInterface;
  /** As the kernel last described it. */
  latest: NetworkInterface;
  /** Its last snapshot, once the program was found to be off. */
  final?: Snapshot;
}

/** What counts from now on for earlier. */
export function addEarlier(earlier: EarlierCounts | undefined, { counters }: Snapshot): EarlierCounts {
  return {
    interfaces: (earlier?.interfaces ?? 0) + 1,
    packets: (earlier?.packets ?? 0n) + counters.frames,
    bytes: (earlier?.bytes ?? 0n) + counters.bytes,
  };
}
