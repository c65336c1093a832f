import { type ObjectSpec, withMapSizes } from "@weir/bytecode";
import { ArrayMap, type BpfMap, type BpfProgram, type LoadedObject, loadObject, PerCpuArrayMap } from "@weir/kernel";
import { FlowSamples, flowTableSizes, SamplingRate, Stats, XdpConn6Stats, XdpConnStats } from "../src/index.ts";

/** What one connection counted, all its slots added up; when it was last seen is not among it. */
export interface Row {
  readonly packets: bigint;
  readonly bytes: bigint;
  /** Packets that were sampled, and the variances of the estimates; all 0 when nothing is estimated. */
  readonly sampled: bigint;
  readonly packetVariance: bigint;
  readonly byteVariance: bigint;
}

/** How a monitor samples. */
export interface TestSampling {
  readonly weight: bigint;
  /** The state of the random numbers of every CPU. */
  readonly seed: bigint;
}

const NO_SAMPLES = { sampled: 0n, packet_variance: 0n, byte_variance_low: 0n, byte_variance_high: 0n };

/** A monitor, or its twin, in the kernel, and what it counted. */
export class LoadedMonitor implements Disposable {
  readonly program: BpfProgram;
  readonly #object: LoadedObject;

  /** @param slots of each flow table, for all sections together */
  constructor(spec: ObjectSpec, slots: number, sampling?: TestSampling) {
    const beside = sampling ? { XDP_SAMPLES: slots, XDP_SAMPLES6: slots } : {};
    this.#object = loadObject(withMapSizes(spec, { ...flowTableSizes(slots), ...beside }));
    const found = this.#object.program("xdp_packet_monitor", { frags: true });
    if (found.kind === "not found") throw new Error(`the object has no monitor, but ${found.available}`);
    this.program = found.program;
    if (sampling) this.setSampling(sampling);
  }

  /** Begins a sequence of random numbers, and sets the rate. */
  setSampling({ weight, seed }: TestSampling): void {
    ArrayMap.of(this.#object.map("SAMPLING"), { value: SamplingRate }).set(0, { weight });
    const stats = PerCpuArrayMap.of(this.#object.map("STATS"), { value: Stats });
    stats.set(
      0,
      stats.at(0).map((part) => ({ ...part, sampler_state: seed })),
    );
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
    const samples = this.#samples("XDP_SAMPLES");
    for (const [place, slot] of ArrayMap.of(this.#object.map("XDP_CONN_STATS"), { value: XdpConnStats }).entries()) {
      const { source, destination, sourcePort, destinationPort, protocol, kind } = slot;
      add(rows, [4, source, destination, sourcePort, destinationPort, protocol, kind], slot, samples(place));
    }
    const samples6 = this.#samples("XDP_SAMPLES6");
    for (const [place, slot] of ArrayMap.of(this.#object.map("XDP_CONN6_STATS"), { value: XdpConn6Stats }).entries()) {
      const { sourceHigh, sourceLow, destinationHigh, destinationLow, sourcePort, destinationPort } = slot;
      const addresses = [sourceHigh, sourceLow, destinationHigh, destinationLow];
      add(rows, [6, ...addresses, sourcePort, destinationPort, slot.protocol, slot.kind], slot, samples6(place));
    }
    return rows;
  }

  map(name: string): BpfMap {
    return this.#object.map(name);
  }

  #samples(name: string): (place: number) => Samples {
    if (!this.#object.maps.has(name)) return () => NO_SAMPLES;
    const all = [...ArrayMap.of(this.#object.map(name), { value: FlowSamples }).entries()];
    return (place) => all[place]?.[1] ?? NO_SAMPLES;
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

type Samples = typeof NO_SAMPLES;

function add(rows: Map<string, Row>, key: readonly (number | bigint)[], slot: Slot, samples: Samples): void {
  if (slot.kind === 0) return;
  const name = key.join(" ");
  const before = rows.get(name);
  rows.set(name, {
    packets: (before?.packets ?? 0n) + slot.packet_count,
    bytes: (before?.bytes ?? 0n) + slot.byte_count,
    sampled: (before?.sampled ?? 0n) + samples.sampled,
    packetVariance: (before?.packetVariance ?? 0n) + samples.packet_variance,
    byteVariance: (before?.byteVariance ?? 0n) + (samples.byte_variance_high << 64n) + samples.byte_variance_low,
  });
}

/** Packets that the rows account for. */
export function packetsOf(rows: ReadonlyMap<string, Row>): bigint {
  return [...rows.values()].reduce((sum, row) => sum + row.packets, 0n);
}

/** Packets that were sampled for the rows. */
export function sampledOf(rows: ReadonlyMap<string, Row>): bigint {
  return [...rows.values()].reduce((sum, row) => sum + row.sampled, 0n);
}
