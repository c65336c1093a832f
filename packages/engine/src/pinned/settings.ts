import { array, bytes, decode, struct, u32, u64 } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap } from "@weir/kernel";
import type { TableSettings } from "../monitor/check-options.ts";
import { HASH_KEYS } from "../monitor/hash-keys.ts";
import type { SampleSettings } from "../monitor/sample-settings.ts";
import type { TableForm } from "../monitor/table-form.ts";
import { pinValue } from "./pin-value.ts";

/** What must be known of a pinned monitor besides its maps. */
export interface PinnedSettings {
  readonly table: TableSettings;
  readonly sample: SampleSettings | undefined;
  /** Nanoseconds of CLOCK_MONOTONIC. */
  readonly attachedAt: bigint;
  /** What another program has to know that counts into the same maps; undefined where the first version pinned them, which did not say. */
  readonly form: TableForm | undefined;
}

/** Settings that only another version of weir can read. */
export interface UnknownSettings {
  readonly version: number;
}

/** The version of the settings that is written. With the second, programs find slots by the maps of an index. */
const VERSION = 2;

/**
 * What the settings of every version begin with; the first had no more, and 0 for its version. One of `sample_rate` is sampled: packets
 * or, by `sample_flows`, connections. 0: everything is counted.
 */
const head = {
  idle_ns: u64,
  attached_at_ns: u64,
  connections: u32,
  sample_rate: u32,
  sample_flows: u32,
  version: u32,
} as const;

const FirstSettings = struct(head);

const Settings = struct({
  ...head,
  tick_ns: u64,
  clock_base_ns: u64,
  hash_keys: array(u64, HASH_KEYS),
  slots: u32,
  sections: u32,
});

export function pinSettings(
  path: string,
  { table, sample, attachedAt, form }: PinnedSettings & { readonly form: TableForm },
): void {
  pinValue(path, "weir_settings", Settings, {
    idle_ns: table.idle,
    attached_at_ns: attachedAt,
    connections: table.connections,
    sample_rate: sample?.rate ?? 0,
    sample_flows: sample?.by === "flows" ? 1 : 0,
    version: VERSION,
    tick_ns: form.clock.tick,
    clock_base_ns: form.clock.base,
    hash_keys: [...form.hashKeys],
    slots: form.slots,
    sections: form.sections,
  });
}

/** @throws {KernelError} `WEIR_NOT_FOUND` */
export function readSettings(path: string): PinnedSettings | UnknownSettings {
  using map = BpfMap.open(path);
  using values = ArrayMap.of(map, { value: bytes(map.info.valueSize) });
  const { buffer, byteOffset, byteLength } = values.at(0);
  const view = new DataView(buffer, byteOffset, byteLength);
  const first = decode(FirstSettings, view);
  if (first.version > VERSION) return { version: first.version };
  const { idle_ns, attached_at_ns, connections, sample_rate: rate, sample_flows } = first;
  const sample = rate === 0 ? undefined : ({ by: sample_flows === 1 ? "flows" : "packets", rate } as const);
  const form = first.version === 0 ? undefined : formOf(view);
  return { table: { connections, idle: idle_ns }, sample, attachedAt: attached_at_ns, form };
}

function formOf(view: DataView): TableForm {
  const { tick_ns, clock_base_ns, hash_keys, slots, sections } = decode(Settings, view);
  return { slots, sections, hashKeys: hash_keys, clock: { tick: tick_ns, base: clock_base_ns } };
}
