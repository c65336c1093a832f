import type { FlowRows } from "../flow-table/flow-rows.ts";
import type { Identity } from "../identity.ts";
import { readUntilHeld } from "../read-until-held.ts";
import type { Traffic } from "../snapshot.ts";
import { prove } from "./account.ts";
import type { MonitorMaps } from "./monitor-maps.ts";
import type { StatsSums } from "./stats-sums.ts";

/** All that a monitor has counted, read at one go. */
export interface Reading {
  /** When it began: what came before is in it, whatever came while it went on. */
  readonly date: Date;
  /** The same moment, in nanoseconds of CLOCK_MONOTONIC. */
  readonly time: bigint;
  readonly stats: StatsSums;
  readonly families: readonly FlowRows[];
  /** Of all connections, also those whose slot another one took over; estimates where packets are sampled. */
  readonly connectionTotals: Traffic;
  readonly identity: Identity;
}

/** Reads the counters before and after the flow table, so that the reading proves itself. */
export function read(maps: MonitorMaps): Reading {
  return readUntilHeld(
    () => readOnce(maps),
    ({ identity }) => identity.holds,
    ({ families }) => maps.recycle(families),
  );
}

function readOnce(maps: MonitorMaps): Reading {
  const [date, time] = [new Date(), process.hrtime.bigint()];
  const before = maps.readStats();
  const families = maps.readFlows();
  const after = maps.readStats();
  const last = maps.readStats();
  const flowPackets = families.reduce((sum, { packets, count }) => sum + packets.sum(count), 0n);
  const flowBytes = families.reduce((sum, { bytes, count }) => sum + bytes.sum(count), 0n);
  const identity = prove({
    estimates: maps.estimates,
    before,
    flowPackets: maps.estimates ? families.reduce((sum, rows) => sum + rows.countedPackets(), 0n) : flowPackets,
    flowDrops: families.reduce((sum, rows) => sum + rows.droppedPackets(), 0n),
    after,
    last,
  });
  const connectionTotals = {
    packets: flowPackets + after.evicted_packets,
    bytes: flowBytes + after.evicted_bytes,
  };
  return { date, time, stats: after, families, connectionTotals, identity };
}
