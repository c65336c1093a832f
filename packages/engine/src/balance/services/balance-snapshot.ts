import type { Counters } from "../../counters.ts";
import type { AttachedMode } from "../../mode.ts";

/** Whether a backend gets flows. */
export type BackendState =
  /** New ones too. */
  | "up"
  /** Those that it has: it was told to drain, or its weight is 0. */
  | "draining"
  /** None: its checks fail. */
  | "down"
  /** None: the way there, or its hardware address, is not known. */
  | "unreachable";

/** What went to one backend. Counts are from the start of the balancer on, or from when the backend was added. */
export interface BackendSnapshot {
  readonly address: string;
  readonly weight: number;
  readonly state: BackendState;
  /** Why it is in this state, where there is something to say: the last failed check, the missing route. */
  readonly reason: string | undefined;
  readonly packets: bigint;
  /** Whole frames as they came in. */
  readonly bytes: bigint;
  /** Flows that had a packet within the idle time. */
  readonly flows: number;
  readonly newFlows: bigint;
  readonly checks: bigint;
  readonly failedChecks: bigint;
  /** Milliseconds that the last check took; undefined before the first, and when it failed. */
  readonly checkMilliseconds: number | undefined;
}

/** What did not go the usual way: frames. */
export interface ServiceEvents {
  /** No backend could take it; dropped or passed on, as configured. */
  readonly noBackend: bigint;
  /** The way to the backend was not known: dropped. */
  readonly noNextHop: bigint;
  /** The backend of its flow takes nothing any more: another one got it. */
  readonly moved: bigint;
  /** Its flow found no place in the table of connections. */
  readonly tableFull: bigint;
  /** Passed on, because its TTL or hop limit was used up. */
  readonly ttlExpired: bigint;
  /** Too large for the way to the backend: the sender was told. */
  readonly tooBig: bigint;
  /** Too large, and dropped without a word, because senders are told only so often. */
  readonly tooBigUnsaid: bigint;
  /** ICMP errors that were sent to the backend they are about. */
  readonly icmpErrors: bigint;
}

/** One service with all its backends. */
export interface ServiceSnapshot {
  readonly name: string;
  readonly address: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number | "all";
  readonly delivery: "mac" | "tunnel";
  /** Sums over all backends, those that were removed included. */
  readonly packets: bigint;
  readonly bytes: bigint;
  readonly flows: number;
  readonly newFlows: bigint;
  readonly failedChecks: bigint;
  readonly events: ServiceEvents;
  readonly backends: readonly BackendSnapshot[];
}

/** What became of all frames: `frames` of the counters is their sum. */
export interface BalanceVerdicts {
  readonly passed: bigint;
  readonly dropped: bigint;
  readonly transmitted: bigint;
  readonly redirected: bigint;
}

/** What a load balancer has done, at one moment. */
export interface BalanceSnapshot {
  readonly interface: string;
  readonly mode: AttachedMode;
  /** False in the last snapshot of an interface that was removed. */
  readonly attached: boolean;
  readonly time: Date;
  /** Since attach. */
  readonly seconds: number;
  /** What the monitor counts, of all frames. */
  readonly counters: Counters;
  readonly verdicts: BalanceVerdicts;
  /** Fragments for the address of a service: passed on. */
  readonly fragments: bigint;
  /** IPv6 packets with extension headers for the address of a service: passed on. */
  readonly extensionHeaders: bigint;
  /** Frames without room in front for the outer header: dropped. */
  readonly noHeadroom: bigint;
  /** Connections that are remembered now, and how many can be. */
  readonly connections: number;
  readonly connectionCapacity: number;
  readonly services: readonly ServiceSnapshot[];
}
