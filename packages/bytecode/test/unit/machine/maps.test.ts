import {
  alu,
  callHelper,
  exit,
  helperNumber,
  type Instruction,
  jump,
  load,
  loadMapAddress,
  type MapSpec,
  store,
} from "@weir/bytecode";
import { Machine, type MachineMap } from "@weir/bytecode/machine";
import { describe, expect, test } from "vitest";
import { key, mapSpec } from "../../samples/map.ts";

const one = new Uint8Array(8).fill(1);

/** Looks up the key that is the packet's first byte, adds 1 to the value, and returns it. */
const count: readonly Instruction[] = [
  load(32, 2, 1, 0),
  load(8, 3, 2, 0),
  store(32, 10, -4, { register: 3 }),
  alu("mov", 64, 2, { register: 10 }),
  alu("add", 64, 2, -4),
  ...loadMapAddress(1),
  callHelper(helperNumber("bpf_map_lookup_elem")),
  jump("eq", 64, 0, 0, 4),
  load(64, 1, 0, 0),
  alu("add", 64, 1, 1),
  store(64, 0, 0, { register: 1 }),
  alu("mov", 64, 0, { register: 1 }),
  exit(),
];

const mapOf = (changes: Partial<MapSpec>): MachineMap => Machine.of([], { maps: [mapSpec(changes)] }).map("COUNTS");

describe("a map of the machine", () => {
  test("is changed through what a look-up gives, and keeps that from run to run", () => {
    const references = [{ kind: "map", slot: 5, map: "COUNTS" }] as const;
    const machine = Machine.of(count, { maps: [mapSpec({ type: "array" })], references });

    expect(machine.run({ packet: Uint8Array.of(1) }).result).toBe(1n);
    expect(machine.run({ packet: Uint8Array.of(1) }).result).toBe(2n);
    expect(machine.run({ packet: Uint8Array.of(2) }).result).toBe(0n);
    expect(machine.map("COUNTS").get(key(1))).toEqual(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0));
  });

  test("takes and refuses entries as the kernel's hash tables do", () => {
    const map = mapOf({});

    expect(map.update(key(1), one, 2n)).toBe(-2n);
    expect(map.update(key(1), one, 0n)).toBe(0n);
    expect(map.update(key(1), one, 1n)).toBe(-17n);
    expect(map.update(key(2), one, 1n)).toBe(0n);
    expect(map.update(key(3), one, 0n)).toBe(-7n);
    expect(map.delete(key(1))).toBe(0n);
    expect(map.delete(key(1))).toBe(-2n);
    expect([...map.entries()]).toEqual([[key(2), one]]);
  });

  test("drops the oldest entry when it is an LRU map and full", () => {
    const map = mapOf({ type: "lru-hash" });
    for (const value of [1, 2, 3]) map.update(key(value), one, 0n);

    expect([...map.entries()].map(([entry]) => entry[0])).toEqual([2, 3]);
  });

  test("has all its elements from the start when it is an array", () => {
    const map = mapOf({ type: "array" });

    expect([...map.entries()]).toHaveLength(2);
    expect(map.update(key(2), one, 0n)).toBe(-7n);
    expect(map.delete(key(0))).toBe(-22n);
  });
});

test("a helper of the caller's own goes before the built-in one", () => {
  const time = [callHelper(helperNumber("bpf_ktime_get_ns")), exit()];

  expect(Machine.of(time, {}, { helpers: { bpf_ktime_get_ns: () => 42n } }).run().result).toBe(42n);
  expect(() => Machine.of([callHelper(9999), exit()]).run()).toThrow(/helper 9999 is called/);
});

test("the packet is read and written inside its bounds only", () => {
  const touch = (offset: number) => [load(32, 2, 1, 0), alu("mov", 64, 0, 1), store(8, 2, offset, 7), exit()];

  expect(Machine.of(touch(1)).run({ packet: new Uint8Array(2) }).packet).toEqual(Uint8Array.of(0, 7));
  expect(() => Machine.of(touch(2)).run({ packet: new Uint8Array(2) })).toThrow(
    /offset 2 of the packet is written; it has 2/,
  );
});
