import type { MapType } from "./spec.ts";

/** `enum bpf_map_type`. */
export const mapTypeNumbers: Readonly<Record<MapType, number>> = {
  hash: 1,
  array: 2,
  "program-array": 3,
  "perf-event-array": 4,
  "per-cpu-hash": 5,
  "per-cpu-array": 6,
  "lru-hash": 9,
  "lru-per-cpu-hash": 10,
  "lpm-trie": 11,
  "array-of-maps": 12,
  "hash-of-maps": 13,
  "device-map": 14,
  "cpu-map": 16,
  "xsk-map": 17,
  queue: 22,
  stack: 23,
  "sk-storage": 24,
  "device-hash": 25,
  "ring-buffer": 27,
  "bloom-filter": 30,
  arena: 33,
};

/** Whether each CPU has a value of its own at a key. */
export const isPerCpu = (type: MapType): boolean => type.includes("per-cpu");

/** The map type with this kernel number, undefined when it is not one that weir knows. */
export function mapTypeOf(number: number): MapType | undefined {
  // The keys of a literal record are its type's keys.
  const types = Object.keys(mapTypeNumbers) as MapType[];
  return types.find((type) => mapTypeNumbers[type] === number);
}
