import { struct, u32, u64 } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap } from "@weir/kernel";
import type { TableSettings } from "../monitor/check-options.ts";
import type { SampleSettings } from "../monitor/sample-settings.ts";

/** What must be known of a pinned monitor besides its maps. */
export interface PinnedSettings {
  readonly table: TableSettings;
  readonly sample: SampleSettings | undefined;
  /** Nanoseconds of CLOCK_MONOTONIC. */
  readonly attachedAt: bigint;
}

/** One of `sample_rate` is sampled: packets or, by `sample_flows`, connections. 0: everything is counted. */
const Settings = struct({
  idle_ns: u64,
  attached_at_ns: u64,
  connections: u32,
  sample_rate: u32,
  sample_flows: u32,
  reserved: u32,
});

/** Pins the settings as an array with one element. No program reads it: a map is what a BPF file system can keep. */
export function pinSettings(path: string, { table, sample, attachedAt }: PinnedSettings): void {
  using map = BpfMap.create({
    name: "weir_settings",
    type: "array",
    keySize: 4,
    valueSize: Settings.size,
    maxEntries: 1,
    flags: 0,
    keyType: 0,
    valueType: 0,
  });
  using settings = ArrayMap.of(map, { value: Settings });
  settings.set(0, {
    idle_ns: table.idle,
    attached_at_ns: attachedAt,
    connections: table.connections,
    sample_rate: sample?.rate ?? 0,
    sample_flows: sample?.by === "flows" ? 1 : 0,
    reserved: 0,
  });
  map.pin(path);
}

export function readSettings(path: string): PinnedSettings {
  using settings = ArrayMap.open(path, { value: Settings });
  const { idle_ns, attached_at_ns, connections, sample_rate: rate, sample_flows } = settings.at(0);
  const sample = rate === 0 ? undefined : ({ by: sample_flows === 1 ? "flows" : "packets", rate } as const);
  return { table: { connections, idle: idle_ns }, sample, attachedAt: attached_at_ns };
}
