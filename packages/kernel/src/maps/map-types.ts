import type { MapType } from "@weir/bytecode";
import { bpf_map_type } from "../uapi/bpf.generated.ts";

/** What the shared code needs to know of a type of map. */
export interface MapTypeTraits {
  /** The kernel's number for it. */
  readonly number: number;
  /** Each CPU has a value of its own. */
  readonly perCpu: boolean;
  /** The kernel lets it carry the BTF types of its keys and values. */
  readonly typed: boolean;
}

const plain = (number: number): MapTypeTraits => ({ number, perCpu: false, typed: true });
const perCpu = (number: number): MapTypeTraits => ({ number, perCpu: true, typed: true });
const untyped = (number: number): MapTypeTraits => ({ number, perCpu: false, typed: false });

export const MAP_TYPES: Readonly<Record<MapType, MapTypeTraits>> = {
  hash: plain(bpf_map_type.BPF_MAP_TYPE_HASH),
  array: plain(bpf_map_type.BPF_MAP_TYPE_ARRAY),
  "per-cpu-hash": perCpu(bpf_map_type.BPF_MAP_TYPE_PERCPU_HASH),
  "per-cpu-array": perCpu(bpf_map_type.BPF_MAP_TYPE_PERCPU_ARRAY),
  "lru-hash": plain(bpf_map_type.BPF_MAP_TYPE_LRU_HASH),
  "lru-per-cpu-hash": perCpu(bpf_map_type.BPF_MAP_TYPE_LRU_PERCPU_HASH),
  "lpm-trie": plain(bpf_map_type.BPF_MAP_TYPE_LPM_TRIE),
  "ring-buffer": untyped(bpf_map_type.BPF_MAP_TYPE_RINGBUF),
  "program-array": plain(bpf_map_type.BPF_MAP_TYPE_PROG_ARRAY),
  "device-map": untyped(bpf_map_type.BPF_MAP_TYPE_DEVMAP),
  "device-hash": untyped(bpf_map_type.BPF_MAP_TYPE_DEVMAP_HASH),
  "cpu-map": untyped(bpf_map_type.BPF_MAP_TYPE_CPUMAP),
  "xsk-map": untyped(bpf_map_type.BPF_MAP_TYPE_XSKMAP),
  "array-of-maps": untyped(bpf_map_type.BPF_MAP_TYPE_ARRAY_OF_MAPS),
  "hash-of-maps": untyped(bpf_map_type.BPF_MAP_TYPE_HASH_OF_MAPS),
  "perf-event-array": untyped(bpf_map_type.BPF_MAP_TYPE_PERF_EVENT_ARRAY),
  queue: untyped(bpf_map_type.BPF_MAP_TYPE_QUEUE),
  stack: untyped(bpf_map_type.BPF_MAP_TYPE_STACK),
  "bloom-filter": plain(bpf_map_type.BPF_MAP_TYPE_BLOOM_FILTER),
  "sk-storage": plain(bpf_map_type.BPF_MAP_TYPE_SK_STORAGE),
  arena: untyped(bpf_map_type.BPF_MAP_TYPE_ARENA),
};

/** The plain name of a kernel map type, undefined for those weir has no name for. */
export function mapTypeOf(number: number): MapType | undefined {
  // Object.entries forgets that the keys are MapTypes.
  const entries = Object.entries(MAP_TYPES) as [MapType, MapTypeTraits][];
  return entries.find(([, traits]) => traits.number === number)?.[0];
}
