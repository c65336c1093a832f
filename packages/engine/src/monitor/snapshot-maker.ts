import type { Fallback } from "@weir/kernel";
import { ratedConnectionAt } from "../flow-table/connection-row.ts";
import type { FlowRows } from "../flow-table/flow-rows.ts";
import { growthSince } from "../flow-table/growth.ts";
import { list as listRows } from "../flow-table/listing.ts";
import type { AttachedMode } from "../mode.ts";
import type { Budget, Sampling } from "../sampling.ts";
import type { ProgramCost, Snapshot } from "../snapshot.ts";
import type { ListSettings, TableSettings } from "./check-options.ts";
import { evictedOf } from "./evicted.ts";
import type { MonitorMaps } from "./monitor-maps.ts";
import type { Reading } from "./reading.ts";
import type { SampleSettings } from "./sample-settings.ts";
import { countersOf } from "./stats-sums.ts";

/** What a snapshot says of the interface. */
export interface Subject {
  readonly interface: string;
  readonly mode: AttachedMode;
  readonly fallback: Fallback | undefined;
  readonly attached: boolean;
  readonly program: ProgramCost | undefined;
}

interface Earlier {
  readonly time: bigint;
  readonly frames: bigint;
  readonly bytes: bigint;
  readonly families: readonly FlowRows[];
}

/** What is sampled now. */
export interface SamplingNow {
  readonly sample: SampleSettings | undefined;
  readonly budget: Budget | undefined;
}

/** Makes readings into snapshots; remembers the reading before, for the rates. */
export class SnapshotMaker {
  readonly #table: TableSettings;
  readonly #attachedAt: bigint;
  readonly #maps: Pick<MonitorMaps, "recycle">;
  #earlier: Earlier;

  /**
   * @param attachedAt nanoseconds of CLOCK_MONOTONIC
   * @param maps what readings are from; it gets the rows back that are not needed any more
   */
  constructor(table: TableSettings, attachedAt: bigint, maps: Pick<MonitorMaps, "recycle">) {
    this.#table = table;
    this.#attachedAt = attachedAt;
    this.#maps = maps;
    this.#earlier = { time: attachedAt, frames: 0n, bytes: 0n, families: [] };
  }

  /** The snapshot of a reading, from which the rates of the next one begin. */
  make(reading: Reading, subject: Subject, list: ListSettings, now: SamplingNow): Snapshot {
    const snapshot = this.#snapshot(reading, subject, list, now);
    const { time, stats, families } = reading;
    this.#maps.recycle(this.#earlier.families);
    this.#earlier = { time, frames: stats.frames, bytes: stats.bytes, families };
    return snapshot;
  }

  /** The snapshot of a reading that leaves no trace. */
  peek(reading: Reading, subject: Subject, list: ListSettings, now: SamplingNow): Snapshot {
    const snapshot = this.#snapshot(reading, subject, list, now);
    this.#maps.recycle(reading.families);
    return snapshot;
  }

  #snapshot(reading: Reading, subject: Subject, list: ListSettings, now: SamplingNow): Snapshot {
    const { date, time, stats, families, connectionTotals, identity } = reading;
    const { connections: capacity, idle } = this.#table;
    const earlier = this.#earlier;
    const seconds = secondsBetween(earlier.time, time);
    const selection = { ...list, idleBefore: idle === 0n ? 0n : time - idle };
    const listing = listRows(families, selection, growthSince(earlier.families), (rows, row, growth) =>
      ratedConnectionAt(rows, row, growth, seconds),
    );
    return {
      ...subject,
      time: date,
      seconds: secondsBetween(this.#attachedAt, time),
      counters: countersOf(stats),
      rates: {
        packetsPerSecond: Number(stats.frames - earlier.frames) / seconds,
        bytesPerSecond: Number(stats.bytes - earlier.bytes) / seconds,
      },
      sampling: samplingOf(now, listing.tracked),
      connections: listing.connections,
      tracked: listing.tracked,
      capacity,
      connectionTotals,
      evicted: evictedOf(stats, listing.idle),
      identity,
    };
  }
}

/** @param tracked connections that are counted */
export function samplingOf({ sample, budget }: SamplingNow, tracked: number): Sampling | undefined {
  if (sample === undefined) return undefined;
  const { by, rate } = sample;
  if (by === "packets") return { by, rate, budget };
  return { by, rate, connections: tracked * rate, standardError: Math.sqrt(tracked * rate * (rate - 1)) };
}

/** Never 0, so that rates are finite. */
function secondsBetween(earlier: bigint, later: bigint): number {
  return Math.max(Number(later - earlier), 1) / 1e9;
}
