import { type ObjectSpec, withMap } from "@weir/bytecode";
import { ArrayMap, type BpfProgram, type LoadedObject, loadObject, PerCpuArrayMap } from "@weir/kernel";
import { Stats, XdpConn6Stats, XdpConnStats } from "../src/index.ts";

/** What one connection counted, all its slots added up; when it was last seen is not among it. */
export interface Row {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** A monitor, or its twin, in the kernel, and what it counted. */
export class LoadedMonitor implements Disposable {
  readonly program: BpfProgram;
  readonly #object: LoadedObject;

  /** @param slots of both flow tables together for all sections */
  constructor(spec: ObjectSpec, slots: number) {
    const sized = ["XDP_CONN_STATS", "XDP_CONN6_STATS"].reduce(
      (object, map) => withMap(object, map, { maxEntries: slots }),
      spec,
    );
    this.#object = loadObject(sized);
    const found = this.#object.program("xdp_packet_monitor", { frags: true });
    if (found.kind === "not found") throw new Error(`the object has no monitor, but ${found.available}`);
    this.program = found.program;
  }

  /** The counters of all CPUs added up. */
  counters(): Record<string, bigint> {
    const parts = PerCpuArrayMap.of(this.#object.map("STATS"), { value: Stats }).at(0);
    const sums: Record<string, bigint> = {};
    for (const part of parts) {
      for (const [name, value] of Object.entries(part)) sums[name] = (sums[name] ?? 0n) + value;
    }
    return sums;
  }

  /** Frames that each CPU has counted. */
  framesByCpu(): bigint[] {
    return PerCpuArrayMap.of(this.#object.map("STATS"), { value: Stats })
      .at(0)
      .map(({ frames }) => frames);
  }

  /** By a text that names the connection. */
  rows(): Map<string, Row> {
    const rows = new Map<string, Row>();
    for (const [, slot] of ArrayMap.of(this.#object.map("XDP_CONN_STATS"), { value: XdpConnStats }).entries()) {
      const { source, destination, sourcePort, destinationPort, protocol, kind } = slot;
      add(rows, [4, source, destination, sourcePort, destinationPort, protocol, kind], slot);
    }
    for (const [, slot] of ArrayMap.of(this.#object.map("XDP_CONN6_STATS"), { value: XdpConn6Stats }).entries()) {
      const { sourceHigh, sourceLow, destinationHigh, destinationLow, sourcePort, destinationPort } = slot;
      const addresses = [sourceHigh, sourceLow, destinationHigh, destinationLow];
      add(rows, [6, ...addresses, sourcePort, destinationPort, slot.protocol, slot.kind], slot);
    }
    return rows;
  }

  [Symbol.dispose](): void {
    this.#object[Symbol.dispose]();
  }
}

interface Slot {
  readonly kind: number;
  readonly packet_count: bigint;
  readonly byte_count: bigint;
}

function add(rows: Map<string, Row>, key: readonly (number | bigint)[], slot: Slot): void {
  if (slot.kind === 0) return;
  const name = key.join(" ");
  const before = rows.get(name) ?? { packets: 0n, bytes: 0n };
  rows.set(name, { packets: before.packets + slot.packet_count, bytes: before.bytes + slot.byte_count });
}

/** Packets that the rows account for. */
export function packetsOf(rows: ReadonlyMap<string, Row>): bigint {
  return [...rows.values()].reduce((sum, row) => sum + row.packets, 0n);
}
