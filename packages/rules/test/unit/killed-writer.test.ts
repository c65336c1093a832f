import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { addressOf, Ipv4Set, Ipv6Set, ipv4Prefix, lengthOf, MacSet, PortSet } from "../../src/index.ts";
import { OWN_LENGTHS, OWN_UNITS_FREE } from "../../src/sets/set-format.ts";
import { SetMemory } from "../../src/sets/set-memory.ts";

const ROUNDS = 200;
const NOW = 10n;

/** Stands for the end of the process in the middle of a change: nothing of the object is used after it. */
class Killed extends Error {}

/** Which stores count: those that a change is ordered by, or of these those that free memory. */
type Counted = "all" | "freeing";

/** Runs until so many stores have been made: any may be the last one of the process. */
function killedAfter(stores: number, counted: Counted, run: () => void): void {
  const { setOwn } = SetMemory.prototype;
  const { store } = Atomics;
  let left = stores;
  const die = (): void => {
    if (left-- === 0) throw new Killed();
  };
  SetMemory.prototype.setOwn = function (field, value) {
    if (counted === "all" || (field >= OWN_UNITS_FREE && field < OWN_LENGTHS)) die();
    setOwn.call(this, field, value);
  };
  Atomics.store = ((...parameters: Parameters<typeof store>) => {
    if (counted === "all") die();
    return store(...parameters);
  }) as typeof store; // Of its signatures the sets use this one.
  try {
    expect(run).toThrow(Killed);
  } finally {
    SetMemory.prototype.setOwn = setOwn;
    Atomics.store = store;
  }
}

type Life = readonly [stores: number, counted: Counted];

/** A set as the test changes it, and what is to be right whenever one is opened. */
interface Kind {
  readonly pages: number;
  /** How long the process lives at most. */
  readonly lives: readonly [Life, ...Life[]];
  /** Whether it begins with an empty one each time. */
  readonly isNew?: true;
  build(memory: Uint8Array): unknown;
  /** Changes for as long as the process lives. */
  change(memory: Uint8Array, random: Random): void;
  check(memory: Uint8Array, random: Random, label: string): void;
}

const SHORT_AND_LONG = [
  [30, "all"],
  [2000, "all"],
] as const;
const net = (random: Random): number => 0x0a00_0000 + random.below(6) * 256;

function randomIpv4(random: Random) {
  const length = random.pick([9, 16, 23, 24, 25, 30, 32, 32, 32, 32, 32]);
  const bits = 2 ** (32 - length);
  return ipv4Prefix(Math.floor((net(random) + random.below(256)) / bits) * bits, length);
}

function randomIpv6(random: Random) {
  const length = random.pick([23, 24, 28, 32, 33, 48, 64, 64, 128, 128]);
  const all = [0x2001_0d00 + random.below(4), random.below(3), random.below(3), random.below(3)];
  const [a = 0, b = 0, c = 0, d = 0] = all.map((word, index) => {
    const kept = Math.min(Math.max(length - index * 32, 0), 32);
    return kept === 0 ? 0 : (word & (0xffff_ffff << (32 - kept))) >>> 0;
  });
  return { words: [a, b, c, d] as const, length };
}

const KINDS: Readonly<Record<string, Kind>> = {
  "IPv4 prefixes": {
    pages: Ipv4Set.pagesFor(300),
    lives: [...SHORT_AND_LONG, [40, "freeing"]],
    build: (memory) => Ipv4Set.build(memory, Float64Array.of(ipv4Prefix(0x0a00_0000, 8)), { random: 1n }),
    change(memory, random) {
      const set = Ipv4Set.open(memory);
      for (;;) {
        const prefix = randomIpv4(random);
        if (random.below(2) === 0) set.add(prefix);
        else set.remove(prefix);
        if (random.below(9) === 0) set.remove(ipv4Prefix(0x0a00_0000, 8));
        if (random.below(99) === 0) set.add(ipv4Prefix(0x0a00_0000, 8));
        // All of a net at once, and then none: what it had is given back.
        if (random.below(40) !== 0) continue;
        const whole = ipv4Prefix(net(random), 24);
        set.add(whole);
        for (let last = 0; last < 256; last++) set.remove(ipv4Prefix(addressOf(whole) + last, 32));
        set.remove(whole);
      }
    },
    check(memory, random, label) {
      const set = Ipv4Set.open(memory);
      const entries = [...set.entries()];
      expect(set.size, label).toBe(entries.length);
      for (let count = 0; count < 200; count++) {
        const address = net(random) + random.below(256);
        const expected = entries.some(
          (prefix) => address >= addressOf(prefix) && address < addressOf(prefix) + 2 ** (32 - lengthOf(prefix)),
        );
        expect(set.has(address), `${label}, ${address}`).toBe(expected);
      }
    },
  },
  "IPv6 prefixes": {
    pages: Ipv6Set.pagesFor(3000),
    lives: [
      [30, "all"],
      [300, "all"],
      [30, "freeing"],
    ],
    build: (memory) => Ipv6Set.build(memory, new Uint32Array(), { random: 1n }),
    change(memory, random) {
      const set = Ipv6Set.open(memory);
      for (;;) {
        const prefix = randomIpv6(random);
        if (random.below(2) === 0) set.add(prefix);
        else set.remove(prefix);
      }
    },
    check(memory, random, label) {
      const set = Ipv6Set.open(memory);
      for (let count = 0; count < 50; count++) {
        const { words } = randomIpv6(random);
        expect(set.has(words), `${label}, ${words.join()}`).toBe(set.covering({ words, length: 128 }) !== undefined);
      }
    },
  },
  "IPv4 prefixes that end": {
    pages: Ipv4Set.pagesFor(300),
    lives: [[30, "all"]],
    isNew: true,
    build: (memory) => Ipv4Set.build(memory, new Float64Array(), { random: 1n }),
    change(memory, random) {
      const set = Ipv4Set.open(memory);
      for (;;) {
        if (random.below(3) > 0) set.addUntil(randomIpv4(random), BigInt(random.below(20)), NOW);
        else set.removeTimed(randomIpv4(random), NOW);
      }
    },
    check(memory, _random, label) {
      const set = Ipv4Set.open(memory);
      const entries = set.timedEntries().filter(({ until }) => until > NOW);
      for (const { prefix } of entries) expect(set.has(addressOf(prefix), NOW), `${label}, ${prefix}`).toBe(true);
      set.dropEnded(NOW);
      expect(set.timedEntries(), label).toEqual(entries);
    },
  },
  ports: {
    pages: PortSet.pagesFor(300),
    lives: SHORT_AND_LONG,
    build: (memory) => PortSet.build(memory, []),
    change(memory, random) {
      const set = PortSet.open(memory);
      for (;;) {
        const first = random.below(200);
        const range = { first, last: first + random.below(2) };
        if (random.below(2) === 0) set.add(range);
        else set.remove(range);
      }
    },
    check(memory, _random, label) {
      const set = PortSet.open(memory);
      const entries = set.entries();
      expect(new Set(entries.map(({ first, last }) => `${first}-${last}`)).size, label).toBe(set.size);
      for (let port = 0; port < 210; port++) {
        const expected = entries.some(({ first, last }) => port >= first && port <= last);
        expect(set.has(port), `${label}, ${port}`).toBe(expected);
      }
    },
  },
  "hardware addresses": {
    pages: MacSet.pagesFor(200),
    lives: SHORT_AND_LONG,
    build: (memory) => MacSet.build(memory, new Float64Array(), { random: 1n }),
    change(memory, random) {
      const set = MacSet.open(memory);
      for (;;) {
        if (random.below(2) === 0) set.add(random.below(150));
        else set.remove(random.below(150));
      }
    },
    check(memory, _random, label) {
      const set = MacSet.open(memory);
      expect(set.entries().length, label).toBe(set.size);
    },
  },
};

test.for(Object.entries(KINDS))(
  "a change of %s that its writer did not come to the end of is brought to its end by who opens the set",
  ([, { pages, lives, isNew, build, change, check }]) => {
    const random = new Random(20_261_129);
    let memory = new Uint8Array(pages * 4096);
    expect(build(memory)).not.toBe("grow");
    for (let round = 0; round < ROUNDS; round++) {
      const [stores, counted] = random.pick(lives);
      killedAfter(random.below(stores), counted, () => change(memory, random));
      check(memory, random, `round ${round}`);
      if (!isNew) continue;
      memory = new Uint8Array(pages * 4096);
      build(memory);
    }
  },
);
