import { expect } from "vitest";
import { COUNTER_NAMES, type Connection, type Counters } from "../src/index.ts";
import type { RealCapture } from "./real-captures.ts";

/** What was counted, by whatever way the frames came. */
interface Counted {
  readonly counters: Counters;
  readonly connections: readonly Connection[];
}

/** A connection as the truth writes it. */
function rowOf({
  protocol,
  source,
  sourcePort,
  destination,
  destinationPort,
  kind,
  packets,
  bytes,
}: Connection): string {
  const row = [protocol.number, source, sourcePort, destination, destinationPort, kind, Number(packets), Number(bytes)];
  return JSON.stringify(row);
}

/** Expects all counters that both know, and all connections, to be those of the truth. */
export function expectTruth(result: Counted, { counters, connections }: RealCapture): void {
  const shared = COUNTER_NAMES.filter((name) => name in counters);
  const counted = Object.fromEntries(shared.map((name) => [name, Number(result.counters[name])]));
  expect(counted).toEqual(Object.fromEntries(shared.map((name) => [name, counters[name]])));
  expect(result.connections.map(rowOf).sort()).toEqual(connections.map((row) => JSON.stringify(row)).sort());
}
