import { isPerCpu, type MapSpec, type ObjectSpec, type ProgramSpec } from "@weir/bytecode";
import {
  type Input,
  Machine,
  type MachineMap,
  type MachineOptions,
  MapOfMaps,
  PerfEventArray,
  ProgramArray,
  RingBuffer,
} from "@weir/bytecode/machine";
import type { FilterBytes, KeyedBytes, PlaceOutcome, QueueBytes, SetMode, TestPlace } from "./place.ts";

/** `BPF_ANY`, `BPF_NOEXIST`, `BPF_EXIST`. */
const FLAGS: Readonly<Record<SetMode, bigint>> = { any: 0n, new: 1n, existing: 2n };
const ENOENT = -2n;
const EEXIST = -17n;
const FULL: readonly bigint[] = [-7n, -28n];

/** Runs programs in the machine: without root, on every system. */
export class MachinePlace implements TestPlace {
  readonly name = "machine";
  readonly machine: Machine;

  constructor(object: ObjectSpec, options: MachineOptions) {
    this.machine = new Machine(object, options);
  }

  run({ name }: ProgramSpec, input: Input): PlaceOutcome {
    const { result, packet, metadata, redirect } = this.machine.run({ ...input, program: name });
    return { result: Number(BigInt.asIntN(32, result)), packet, metadata, redirect };
  }

  keyed({ name }: MapSpec): KeyedBytes {
    const map = this.machine.map(name);
    return {
      get(key) {
        const value = map.get(key);
        return value && split(map, value);
      },
      set: (key, values, mode) => check(map, map.set(key, join(map, values), FLAGS[mode])),
      delete(key) {
        const result = map.unset(key);
        if (result !== ENOENT) check(map, result);
        return result === 0n;
      },
      entries: () => Array.from(map.entries(), ([key, value]) => [key, split(map, value)] as const),
    };
  }

  queue({ name }: MapSpec): QueueBytes {
    const map = this.machine.map(name);
    return {
      push: (value) => check(map, map.push(value, 0n)),
      pop() {
        const value = map.pop();
        return typeof value === "bigint" ? undefined : value;
      },
    };
  }

  filter({ name }: MapSpec): FilterBytes {
    const map = this.machine.map(name);
    return {
      add: (value) => check(map, map.push(value, 0n)),
      mayHave: (value) => typeof map.peek(value) !== "bigint",
    };
  }

  takeEvents({ name }: MapSpec): Uint8Array[] {
    const map = this.machine.map(name);
    if (map instanceof RingBuffer) return map.take();
    if (map instanceof PerfEventArray) return map.take().map(({ bytes }) => bytes);
    throw new TypeError(`map "${name}" holds no events: it is of type ${map.spec.type}`);
  }

  setTarget({ name, valueSize }: MapSpec, key: number, number: number): void {
    const map = this.machine.map(name);
    // `struct bpf_devmap_val` and `struct bpf_cpumap_val`: the number, and a program, which is none here.
    const value = Uint32Array.of(number, 0);
    check(map, map.set(new Uint8Array(Uint32Array.of(key).buffer), new Uint8Array(value.buffer, 0, valueSize)));
  }

  setMap({ name }: MapSpec, key: Uint8Array, inner: MapSpec): void {
    const map = this.machine.map(name);
    if (!(map instanceof MapOfMaps)) throw new TypeError(`map "${name}" holds no maps`);
    check(map, map.setMap(key, this.machine.map(inner.name)));
  }

  setProgram({ name }: MapSpec, index: number, program: string | undefined): void {
    const map = this.machine.map(name);
    if (!(map instanceof ProgramArray)) throw new TypeError(`map "${name}" holds no programs`);
    map.setProgram(index, program);
  }

  trace(): string[] {
    return [...this.machine.trace];
  }

  [Symbol.dispose](): void {}
}

const strideOf = ({ spec }: MachineMap): number => Math.ceil(spec.valueSize / 8) * 8;

function split(map: MachineMap, value: Uint8Array): readonly Uint8Array[] {
  if (!isPerCpu(map.spec.type)) return [value];
  const stride = strideOf(map);
  return Array.from({ length: value.length / stride }, (_, cpu) =>
    value.subarray(cpu * stride, cpu * stride + map.spec.valueSize),
  );
}

function join(map: MachineMap, values: readonly Uint8Array[]): Uint8Array {
  if (!isPerCpu(map.spec.type)) return values[0] ?? new Uint8Array();
  const stride = strideOf(map);
  const all = new Uint8Array(stride * values.length);
  for (const [cpu, value] of values.entries()) all.set(value, cpu * stride);
  return all;
}

function check({ spec }: MachineMap, result: bigint): void {
  if (result === 0n) return;
  const why = FULL.includes(result)
    ? `it takes ${spec.maxEntries} entries, and there are as many, or the index is not below that number`
    : result === EEXIST
      ? "the key is there"
      : result === ENOENT
        ? "the key is not there"
        : `error ${result}`;
  throw new RangeError(`map "${spec.name}" does not take the value: ${why}`);
}
