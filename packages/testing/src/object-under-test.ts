import { globalVariables, type MapSpec, type ObjectSpec } from "@weir/bytecode";
import { type Decoded, type Layout, u32 } from "@weir/bytecode/layout";
import type { Machine } from "@weir/bytecode/machine";
import { TestBloomFilter } from "./maps/bloom-filter.ts";
import { checkSize, checkType } from "./maps/check-map.ts";
import { decoded, encoded } from "./maps/codec.ts";
import { type MapLayouts, TestMap } from "./maps/keyed-map.ts";
import { TestPerCpuMap } from "./maps/per-cpu-map.ts";
import { TestQueue } from "./maps/queue.ts";
import type { TestPlace } from "./places/place.ts";
import { ProgramUnderTest } from "./program-under-test.ts";

const FIRST = new Uint8Array(4);

/**
 * A kernel file's programs and maps, ready for one test. Maps are named as in the kernel file, and read with the layouts that it was
 * compiled with.
 */
export class ObjectUnderTest implements Disposable {
  readonly spec: ObjectSpec;
  readonly #place: TestPlace;

  constructor(spec: ObjectSpec, place: TestPlace) {
    this.spec = spec;
    this.#place = place;
  }

  /** Where its programs run. */
  get runsIn(): "machine" | "kernel" {
    return this.#place.name;
  }

  /** The machine: its clock, CPUs, random numbers. @throws in the kernel, where none of these can be set */
  get machine(): Machine {
    return this.#place.machine;
  }

  /** The program with this name; the only one when none is given. @throws {RangeError} when there is none: the message lists them */
  program(name?: string): ProgramUnderTest {
    const names = [...this.spec.programs.keys()];
    const wanted = name ?? (names.length === 1 ? names[0] : undefined);
    const spec = wanted === undefined ? undefined : this.spec.programs.get(wanted);
    if (spec !== undefined) return new ProgramUnderTest(spec, this.#place);
    const problem = name === undefined ? "say which program" : `the object has no program "${name}"`;
    throw new RangeError(`${problem}: it has ${names.join(", ") || "none"}`);
  }

  /** `arrayMap`: a value at each index. */
  arrayMap<Value extends Layout>(name: string, value: Value): TestMap<typeof u32, Value> {
    const map = this.#map(name);
    return new TestMap(map, ["array"], this.#place.keyed(map), { key: u32, value });
  }

  /** `perCpuArrayMap`: a value for each CPU at each index. */
  perCpuArrayMap<Value extends Layout>(name: string, value: Value): TestPerCpuMap<typeof u32, Value> {
    const map = this.#map(name);
    return new TestPerCpuMap(map, ["per-cpu-array"], this.#place.keyed(map), { key: u32, value });
  }

  /** `hashMap` and `lruHashMap`. */
  hashMap<Key extends Layout, Value extends Layout>(
    name: string,
    layouts: MapLayouts<Key, Value>,
  ): TestMap<Key, Value> {
    const map = this.#map(name);
    return new TestMap(map, ["hash", "lru-hash"], this.#place.keyed(map), layouts);
  }

  /** `perCpuHashMap` and `lruPerCpuHashMap`. */
  perCpuHashMap<Key extends Layout, Value extends Layout>(
    name: string,
    layouts: MapLayouts<Key, Value>,
  ): TestPerCpuMap<Key, Value> {
    const map = this.#map(name);
    return new TestPerCpuMap(map, ["per-cpu-hash", "lru-per-cpu-hash"], this.#place.keyed(map), layouts);
  }

  /** `lpmMap`: the key's first field is the number of bits that count. */
  lpmMap<Key extends Layout, Value extends Layout>(name: string, layouts: MapLayouts<Key, Value>): TestMap<Key, Value> {
    const map = this.#map(name);
    return new TestMap(map, ["lpm-trie"], this.#place.keyed(map), layouts);
  }

  /** `queueMap` and `stackMap`. */
  queueMap<Value extends Layout>(name: string, value: Value): TestQueue<Value> {
    const map = this.#map(name);
    return new TestQueue(map, this.#place.queue(map), value);
  }

  /** `bloomFilter`. */
  bloomFilter<Value extends Layout>(name: string, value: Value): TestBloomFilter<Value> {
    const map = this.#map(name);
    return new TestBloomFilter(map, this.#place.filter(map), value);
  }

  /**
   * What programs have put into a ring buffer or a perf event array since the last time, oldest first. Records may be longer than
   * the layout: what follows is left out.
   */
  takeEvents<Value extends Layout>(name: string, value: Value): Decoded<Value>[] {
    const map = this.#map(name);
    checkType(map, ["ring-buffer", "perf-event-array"]);
    return this.#place.takeEvents(map).map((bytes) => {
      if (bytes.length >= value.size) return decoded(value, bytes);
      throw new TypeError(`an event of map "${name}" has ${bytes.length} bytes, the layout has ${value.size}`);
    });
  }

  /** Makes an interface one that a program can redirect to. In the kernel it has to exist. */
  setDevice(name: string, key: number, interfaceIndex: number): void {
    this.#setTarget(name, ["device-map", "device-hash"], key, interfaceIndex);
  }

  /** Makes a CPU one that a program can redirect to. */
  setCpu(name: string, cpu: number, queueSize = 192): void {
    this.#setTarget(name, ["cpu-map"], cpu, queueSize);
  }

  /** Makes a queue's AF_XDP socket one that a program can redirect to. In the machine only, where it need not exist. */
  setSocket(name: string, queue: number): void {
    this.#setTarget(name, ["xsk-map"], queue, 1);
  }

  /** Puts a map of the object into a map of maps. */
  setMap<Key extends Layout>(name: string, key: Key, at: Decoded<Key>, inner: string): void {
    const map = this.#map(name);
    checkType(map, ["array-of-maps", "hash-of-maps"]);
    checkSize(map, "key", key);
    this.#place.setMap(map, encoded(key, at), this.#map(inner));
  }

  /** Puts a program of the object into a program array, for tail calls; undefined takes out what is there. */
  setProgram(name: string, index: number, program: string | undefined): void {
    const map = this.#map(name);
    checkType(map, ["program-array"]);
    if (program !== undefined) this.program(program);
    this.#place.setProgram(map, index, program);
  }

  /** The value of a global variable. */
  variable<L extends Layout>(name: string, layout: L): Decoded<L> {
    const { bytes, offset } = this.#variable(name, layout);
    return decoded(layout, bytes.subarray(offset, offset + layout.size));
  }

  /** Sets a global variable, as user space does. @throws for constants, which are decided when the object is loaded */
  setVariable<L extends Layout>(name: string, layout: L, value: Decoded<L>): void {
    const { map, bytes, offset } = this.#variable(name, layout);
    if (map.name.startsWith(".rodata"))
      throw new TypeError(`variable "${name}" is a constant: it cannot be set any more`);
    const changed = bytes.slice();
    changed.set(encoded(layout, value), offset);
    this.#place.keyed(map).set(FIRST, [changed], "any");
  }

  /** Lines that programs have printed since the object was loaded. */
  trace(): string[] {
    return this.#place.trace();
  }

  [Symbol.dispose](): void {
    this.#place[Symbol.dispose]();
  }

  #setTarget(name: string, types: Parameters<typeof checkType>[1], key: number, number: number): void {
    const map = this.#map(name);
    checkType(map, types);
    this.#place.setTarget(map, key, number);
  }

  #map(name: string): MapSpec {
    const map = this.spec.maps.get(name);
    if (map !== undefined) return map;
    throw new RangeError(`the object has no map "${name}"; it has ${[...this.spec.maps.keys()].join(", ") || "none"}`);
  }

  #variable(
    name: string,
    layout: Layout,
  ): { readonly map: MapSpec; readonly bytes: Uint8Array; readonly offset: number } {
    const variables = globalVariables(this.spec);
    const variable = variables.get(name);
    if (variable === undefined) {
      throw new RangeError(
        `the object has no variable "${name}"; it has ${[...variables.keys()].join(", ") || "none"}`,
      );
    }
    if (variable.size !== layout.size) {
      throw new TypeError(`variable "${name}" has ${variable.size} bytes, the layout has ${layout.size}`);
    }
    const map = this.#map(variable.map);
    const [bytes] = this.#place.keyed(map).get(FIRST) ?? [];
    if (bytes === undefined) throw new RangeError(`map "${map.name}" has no element`);
    return { map, bytes, offset: variable.offset };
  }
}
