import type { MapType, ObjectSpec } from "@weir/bytecode";
import { bytes, u32 } from "@weir/bytecode/layout";
import {
  ArrayMap,
  type BpfMap,
  HashMap,
  type LoadedObject,
  LruHashMap,
  LruPerCpuHashMap,
  loadObject,
  PerCpuArrayMap,
  PerCpuHashMap,
} from "@weir/kernel";
import { hex, type Outcome, PROGRAM, sorted } from "./outcome.ts";

/**
 * The outcomes of the bytecode in the kernel: in per-CPU maps what a CPU sees, which must be the one that runs this.
 *
 * @throws {VerifierError} when the verifier refuses it
 */
export function runInKernel(spec: ObjectSpec, packets: readonly Uint8Array[], cpu: number): readonly Outcome[] {
  using object = loadObject(spec);
  const found = object.program(PROGRAM);
  if (found.kind !== "loaded") throw new Error("the object lacks its program");
  return packets.map((packet) => {
    const { verdict, data } = found.program.testRun({ data: packet });
    const maps = Object.fromEntries([...spec.maps.keys()].map((name) => [name, contents(object, name, cpu)]));
    return { verdict: BigInt(verdict >>> 0), packet: hex(data), maps };
  });
}

type Entries = Iterable<readonly [key: Uint8Array, value: Uint8Array]>;

/** How the entries of each map are read. Nobody has put a target into those that are left out. */
const readers: Partial<Record<MapType, (map: BpfMap, keySize: number, valueSize: number, cpu: number) => Entries>> = {
  array: (map, _keySize, size) => indexed(ArrayMap.of(map, { value: bytes(size) }).entries()),
  "per-cpu-array": (map, _keySize, size, cpu) =>
    indexed(ofCpu(cpu, PerCpuArrayMap.of(map, { value: bytes(size) }).entries())),
  hash: (map, key, value) => HashMap.of(map, { key: bytes(key), value: bytes(value) }).entries(),
  "lru-hash": (map, key, value) => LruHashMap.of(map, { key: bytes(key), value: bytes(value) }).entries(),
  "per-cpu-hash": (map, key, value, cpu) =>
    ofCpu(cpu, PerCpuHashMap.of(map, { key: bytes(key), value: bytes(value) }).entries()),
  "lru-per-cpu-hash": (map, key, value, cpu) =>
    ofCpu(cpu, LruPerCpuHashMap.of(map, { key: bytes(key), value: bytes(value) }).entries()),
};

function contents(object: LoadedObject, name: string, cpu: number): Outcome["maps"][string] {
  const spec = object.spec.maps.get(name);
  if (spec === undefined) return [];
  const read = readers[spec.type];
  return read === undefined ? [] : sorted(read(object.map(name), spec.keySize, spec.valueSize, cpu));
}

function* ofCpu<Key>(
  cpu: number,
  entries: Iterable<readonly [key: Key, values: readonly Uint8Array[]]>,
): Generator<readonly [Key, Uint8Array]> {
  for (const [key, values] of entries) {
    const value = values[cpu];
    if (value !== undefined) yield [key, value];
  }
}

function* indexed(entries: Iterable<readonly [index: number, value: Uint8Array]>): Entries & Generator {
  for (const [index, value] of entries) {
    const key = new Uint8Array(u32.size);
    new DataView(key.buffer).setUint32(0, index, true);
    yield [key, value];
  }
}
