import { bytes, struct, u32, u64 } from "@weir/bytecode/layout";
import { Random, requireRoot, requireTool, stayOnOneCpu } from "@weir/laboratory";
import type { ObjectUnderTest } from "@weir/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { type Asked, hex, objectOfC, packetOf, Twin } from "../twin/twin.ts";

const ROUNDS = 400;
const Value = bytes(16);

/** Bytes of which few different ones are made. */
const small = (random: Random, length: number, choices: number): Uint8Array => {
  const made = new Uint8Array(length);
  made[0] = random.below(choices);
  return made;
};

const asked = (random: Random, kinds: number, key: (random: Random) => Uint8Array): Asked => ({
  kind: random.below(kinds),
  flags: random.chance(80) ? BigInt(random.below(3)) : BigInt(random.below(9)),
  key: key(random),
  value: small(random, 16, 200),
});

const number = (choices: number) => (random: Random) => small(random, 8, choices);

/** Prefixes of a few addresses, and some that are too long. */
function prefix(random: Random): Uint8Array {
  const key = new Uint8Array(8);
  key[0] = random.pick([0, 1, 7, 8, 9, 16, 24, 31, 32, 33]);
  for (let at = 4; at < 8; at++) key[at] = random.pick([0, 0x80, 0xff]);
  return key;
}

const sorted = (entries: readonly (readonly [key: unknown, value: unknown])[]): string[] =>
  entries.map((entry) => JSON.stringify(entry, (_, part) => (part instanceof Uint8Array ? hex(part) : part))).sort();

const keyed = {
  array: [number(6), (object: ObjectUnderTest) => sorted(object.arrayMap("array", Value).entries())],
  percpu_array: [
    number(6),
    (object: ObjectUnderTest) => sum(object.perCpuArrayMap("percpu_array", Counted), [0, 1, 2, 3]),
  ],
  hash: [
    number(7),
    (object: ObjectUnderTest) => sorted(object.hashMap("hash", { key: bytes(8), value: Value }).entries()),
  ],
  loose_hash: [
    number(7),
    (object: ObjectUnderTest) => sorted(object.hashMap("loose_hash", { key: bytes(8), value: Value }).entries()),
  ],
  percpu_hash: [
    number(7),
    (object: ObjectUnderTest) =>
      sum(object.perCpuHashMap("percpu_hash", { key: u64, value: Counted }), [0n, 1n, 2n, 3n, 4n, 5n, 6n]),
  ],
  lru_hash: [
    number(100),
    (object: ObjectUnderTest) => sorted(object.hashMap("lru_hash", { key: bytes(8), value: Value }).entries()),
  ],
  lru_percpu_hash: [
    number(100),
    (object: ObjectUnderTest) =>
      sum(
        object.perCpuHashMap("lru_percpu_hash", { key: u64, value: Counted }),
        Array.from({ length: 100 }, (_, key) => BigInt(key)),
      ),
  ],
  lpm_trie: [
    prefix,
    (object: ObjectUnderTest) => sorted(object.lpmMap("lpm_trie", { key: bytes(8), value: Value }).entries()),
  ],
} as const;

const Counted = struct({ count: u64, rest: u64 });

function sum<Key>(map: { total(key: Key): unknown }, keys: readonly Key[]): unknown[] {
  return keys.map((key) => map.total(key));
}

describe.skipIf(requireRoot() ?? requireTool("clang", "taskset"))("maps of the machine do what the kernel's do", () => {
  const object = objectOfC("maps.c");
  beforeAll(stayOnOneCpu);

  test.each(Object.entries(keyed))("%s: looked up, set, deleted, replaced", async (name, [key, contents]) => {
    using twin = await Twin.load(object);
    const random = new Random(name.length);
    for (let round = 0; round < ROUNDS; round++) twin.ask(`on_${name}`, asked(random, 4, key));
    const left: unknown[] = twin.both(contents);
    expect(left.length).toBeGreaterThan(0);
  });

  test("what the CPU with a number has, and what one has that is not there", async () => {
    using twin = await Twin.load(object);
    const random = new Random(4);
    for (let round = 0; round < ROUNDS; round++) {
      const key = small(random, 8, 6);
      twin.ask("on_percpu_hash", { kind: 1, key, value: small(random, 16, 200) });
      const { result } = twin.ask("on_cpu", { kind: 0, number: 0, key });
      expect(result).toBe((key[0] ?? 0) < 4 ? 1n : 0n);
      twin.ask("on_cpu", { kind: 1, number: random.pick([0, 0, 0xffff, 0xffff_ffff]), key });
      expect(twin.ask("on_cpu", { kind: random.below(2), number: 0xffff, key }).result).toBe(0n);
    }
    twin.both(keyed.percpu_hash[1]);
    twin.both(keyed.percpu_array[1]);
  });

  test.each(["queue", "stack", "bloom_filter"])("%s: pushed, looked at, taken out", async (name) => {
    using twin = await Twin.load(object);
    const random = new Random(3);
    for (let round = 0; round < ROUNDS; round++) {
      // A Bloom filter may take one value for another: few are asked for.
      twin.ask(`on_${name}`, { ...asked(random, 3, number(1)), value: small(random, 16, 5) });
    }
    if (name === "bloom_filter") {
      twin.both((one) => {
        const filter = one.bloomFilter(name, Value);
        filter.add(new Uint8Array(16).fill(9));
        return [0, 1, 2, 3, 4, 9].map((first) => filter.mayHave(small(new Random(first), 16, 5)));
      });
    } else twin.both((one) => one.queueMap(name, Value).takeAll().map(hex));
  });

  test.each(["array_of_maps", "hash_of_maps"])("%s: the map in the map is found", async (name) => {
    using twin = await Twin.load(object);
    const random = new Random(5);
    for (let round = 0; round < 60; round++) {
      twin.ask(`on_${name}`, { number: random.below(4), key: small(random, 8, 3), flags: BigInt(random.below(9)) });
    }
    expect(twin.ask(`on_${name}`, { number: 1 }).verdict).toBe("drop");
    twin.both((one) => one.setMap(name, u32, 1, "second_inner"));
    expect(twin.ask(`on_${name}`, { number: 1, flags: 5n })).toEqual(twin.ask(`on_${name}`, { number: 2, flags: 0n }));
  });

  test.each(["devmap", "devmap_hash", "cpumap"])("%s: where there is a target, and where not", async (name) => {
    using twin = await Twin.load(object);
    // Interface 1 is the loopback interface.
    twin.both((one) => (name === "cpumap" ? one.setCpu(name, 0, 16) : one.setDevice(name, 2, 1)));
    for (let number = 0; number < 5; number++) {
      for (const flags of [0n, 1n, 2n, 3n, 4n, 8n, 16n, 24n, 32n, 1n << 40n]) twin.ask(`on_${name}`, { number, flags });
    }
  });

  test("ring buffer: reserved, submitted, discarded, copied, full", async () => {
    using twin = await Twin.load(object);
    const random = new Random(7);
    let events = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // Positions in the ring are the kernel's own from the start: compared are data, sizes, and what is left.
      twin.ask("on_ring", {
        kind: random.pick([0, 0, 1, 1, 2, 3]),
        number: random.below(2),
        flags: BigInt(random.below(5)),
        value: small(random, 16, 250),
      });
      if (round % 11 !== 0) continue;
      const taken = twin.both((one) => one.takeEvents("ring", u64));
      events += taken.length;
    }
    expect(events).toBeGreaterThan(20);
  });

  test("perf event array: with a part of the packet", async () => {
    using twin = await Twin.load(object);
    for (const length of [0, 1, 14, 63]) {
      const asked = { number: length, value: Uint8Array.of(length, 1, 2, 3) };
      twin.ask("on_events", asked);
      // The kernel rounds an event up: what is behind it is not compared.
      const events = twin.both((one) => one.takeEvents("events", bytes(16 + length)).map(hex));
      const start = packetOf(asked, length);
      expect(events).toEqual([hex(Uint8Array.of(length, 1, 2, 3)).padEnd(32, "0") + hex(start)]);
    }
  });
});
