import { bytes } from "@weir/bytecode/layout";
import {
  ArrayMap,
  ArrayOfMaps,
  BloomFilterMap,
  type BpfMap,
  CpuMap,
  DeviceHashMap,
  DeviceMap,
  HashMap,
  HashOfMaps,
  LpmTrieMap,
  LruHashMap,
  LruPerCpuHashMap,
  PerCpuArrayMap,
  PerCpuHashMap,
  QueueMap,
  StackMap,
} from "@weir/kernel";
import type { FilterBytes, KeyedBytes, QueueBytes, SetMode } from "./place.ts";

/** What the kernel package's maps have in common, with keys and values that are bytes. */
interface View<Key, Value> extends Disposable {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value, mode: SetMode): void;
  delete(key: Key): boolean;
  entries(): Iterable<readonly [key: Key, value: Value]>;
}

/** A map with keys, by its bytes. */
export function keyedMap(map: BpfMap, opened: DisposableStack): KeyedBytes {
  const { name, type, keySize, valueSize } = map.info;
  const layouts = { key: bytes(keySize), value: bytes(valueSize) };
  switch (type) {
    case "array":
      return shared(opened.use(indexed(ArrayMap.of(map, layouts))));
    case "per-cpu-array":
      return perCpu(opened.use(indexed(PerCpuArrayMap.of(map, layouts))));
    case "hash":
      return shared(opened.use(HashMap.of(map, layouts)));
    case "lru-hash":
      return shared(opened.use(LruHashMap.of(map, layouts)));
    case "lpm-trie":
      return shared(opened.use(LpmTrieMap.of(map, layouts)));
    case "per-cpu-hash":
      return perCpu(opened.use(PerCpuHashMap.of(map, layouts)));
    case "lru-per-cpu-hash":
      return perCpu(opened.use(LruPerCpuHashMap.of(map, layouts)));
    default:
      throw new TypeError(`map "${name}" is of type ${type ?? "unknown"}, which has no values by key`);
  }
}

/** A queue or a stack, by its bytes. */
export function queueMap(map: BpfMap, opened: DisposableStack): QueueBytes {
  const layout = { value: bytes(map.info.valueSize) };
  return opened.use(map.info.type === "stack" ? StackMap.of(map, layout) : QueueMap.of(map, layout));
}

/** A Bloom filter, by its bytes. */
export function bloomFilter(map: BpfMap, opened: DisposableStack): FilterBytes {
  return opened.use(BloomFilterMap.of(map, { value: bytes(map.info.valueSize) }));
}

/** Puts a map into a map of maps. */
export function putMap(map: BpfMap, key: Uint8Array, inner: BpfMap): void {
  if (map.info.type === "array-of-maps") {
    using maps = ArrayOfMaps.of(map);
    maps.set(numberOf(key), inner);
  } else {
    using maps = HashOfMaps.of(map, { key: bytes(map.info.keySize) });
    maps.set(key, inner);
  }
}

/** Makes an interface or a CPU one that programs can redirect to. */
export function setTarget(map: BpfMap, key: number, number: number): void {
  const { name, type } = map.info;
  if (type === "xsk-map") {
    throw new TypeError(
      `map "${name}" holds sockets, and in the kernel there are none to put there: test it in the machine`,
    );
  }
  if (type === "cpu-map") {
    using cpus = CpuMap.of(map);
    cpus.set(key, { queueSize: number });
  } else {
    using devices = type === "device-map" ? DeviceMap.of(map) : DeviceHashMap.of(map);
    devices.set(key, { interfaceIndex: number });
  }
}

/** A map by numbers, as one by the bytes of its keys. */
function indexed<Value>(map: View<number, Value>): View<Uint8Array, Value> {
  return {
    get: (key) => map.get(numberOf(key)),
    set: (key, value, mode) => map.set(numberOf(key), value, mode),
    delete: (key) => map.delete(numberOf(key)),
    entries: () => Array.from(map.entries(), ([index, value]) => [bytesOf(index), value] as const),
    [Symbol.dispose]: () => map[Symbol.dispose](),
  };
}

/** A map with one value at each key. */
function shared(map: View<Uint8Array, Uint8Array>): KeyedBytes {
  return {
    get(key) {
      const value = map.get(key);
      return value && [value];
    },
    set: (key, [value = new Uint8Array()], mode) => map.set(key, value, mode),
    delete: (key) => map.delete(key),
    entries: () => Array.from(map.entries(), ([key, value]) => [key, [value]] as const),
  };
}

/** A map with a value for each CPU at each key. */
function perCpu(map: View<Uint8Array, Uint8Array[]>): KeyedBytes {
  return {
    get: (key) => map.get(key),
    set: (key, values, mode) => map.set(key, [...values], mode),
    delete: (key) => map.delete(key),
    entries: () => map.entries(),
  };
}

function numberOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(0, true);
}

function bytesOf(index: number): Uint8Array {
  const key = new Uint8Array(4);
  new DataView(key.buffer).setUint32(0, index, true);
  return key;
}
