import type { Btf } from "../../btf/btf.ts";
import type { MapSpec, MapType } from "../../spec.ts";
import { MachineError } from "../machine-error.ts";
import type { Surroundings } from "../surroundings.ts";
import { ArrayMap } from "./array-map.ts";
import { BloomFilter } from "./bloom-filter.ts";
import { HashMap } from "./hash-map.ts";
import { LpmTrie } from "./lpm-trie.ts";
import { LruHashMap } from "./lru-hash-map.ts";
import type { MachineMap } from "./machine-map.ts";
import { MapOfMaps } from "./map-of-maps.ts";
import { PerfEventArray } from "./perf-event-array.ts";
import { ProgramArray } from "./program-array.ts";
import { QueueMap } from "./queue-map.ts";
import { RingBuffer } from "./ring-buffer.ts";
import { SocketStorage } from "./socket-storage.ts";
import { type SpecialField, specialFieldsOf } from "./special-fields.ts";
import { TargetMap } from "./target-map.ts";

type MapClass = new (spec: MapSpec, surroundings: Surroundings, specialFields: readonly SpecialField[]) => MachineMap;

const classes: Readonly<Partial<Record<MapType, MapClass>>> = {
  array: ArrayMap,
  "per-cpu-array": ArrayMap,
  hash: HashMap,
  "per-cpu-hash": HashMap,
  "lru-hash": LruHashMap,
  "lru-per-cpu-hash": LruHashMap,
  "lpm-trie": LpmTrie,
  "array-of-maps": MapOfMaps,
  "hash-of-maps": MapOfMaps,
  "device-map": TargetMap,
  "device-hash": TargetMap,
  "cpu-map": TargetMap,
  "xsk-map": TargetMap,
  "program-array": ProgramArray,
  "ring-buffer": RingBuffer,
  "perf-event-array": PerfEventArray,
  queue: QueueMap,
  stack: QueueMap,
  "bloom-filter": BloomFilter,
  "sk-storage": SocketStorage,
};

/** @param btf the object's types, which tell of locks and timers in values. */
export function makeMap(spec: MapSpec, surroundings: Surroundings, btf?: Btf): MachineMap {
  const MapOfType = classes[spec.type];
  if (MapOfType === undefined)
    throw new MachineError(`map "${spec.name}" is of type ${spec.type}, which the machine does not have`);
  return new MapOfType(spec, surroundings, specialFieldsOf(spec, btf));
}
