import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { IPV6_NUMBERS, type Ipv6Prefix, Ipv6Set, ipv6Prefixes, ipv6PrefixText } from "../../src/index.ts";
import { askedSet } from "../asked-set.ts";

const seed = Number(process.env.WEIR_TEST_SEED ?? 20_261_129);
const ALL = (1n << 128n) - 1n;

interface Range {
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: Ipv6Prefix;
}

function wordsOf(address: bigint): [number, number, number, number] {
  const [a, b, c, d] = [96n, 64n, 32n, 0n].map((shift) => Number((address >> shift) & 0xffff_ffffn));
  return [a ?? 0, b ?? 0, c ?? 0, d ?? 0];
}

function rangeOf(address: bigint, length: number): Range {
  const rest = (1n << BigInt(128 - length)) - 1n;
  const first = address & (ALL ^ rest);
  return { first, last: first | rest, prefix: { words: wordsOf(first), length } };
}

/** Prefixes that meet often: of few nets and groups, of all lengths. */
function randomRange(random: Random): Range {
  const short = random.pick([0, 3, 7, 12, 16, 20, 23]);
  const length = random.pick([short, 24, 25, 28, 31, 32, 32, 33, 40, 48, 48, 63, 64, 64, 65, 96, 127, 128, 128, 128]);
  const start = random.pick([0n, 0x2001_0db8n << 96n, 0x2001_0dffn << 96n, 0xffff_ffffn << 96n]);
  const middle = BigInt(random.below(4)) << BigInt(random.pick([96, 88, 80, 64, 63, 33, 31]));
  return rangeOf((start + middle + BigInt(random.below(16))) & ALL, length);
}

/** Addresses at which something may be wrong: the ends of a prefix, and their neighbours. */
const edges = ({ first, last }: Range): bigint[] =>
  [first - 1n, first, first + 1n, last - 1n, last, last + 1n].filter((address) => address >= 0n && address <= ALL);

test.for([0, 1] as const)(
  "has what its prefixes contain, through random changes, with weak_memory %i",
  async (weak) => {
    const random = new Random(seed);
    const begin = Array.from({ length: 60 }, () => randomRange(random));
    const model = new Map(begin.map((range) => [ipv6PrefixText(range.prefix), range]));
    const prefixes = ipv6Prefixes([...begin, ...begin].map(({ prefix }) => prefix));
    using asked = await askedSet("ipv6", Ipv6Set.pagesFor(8000, prefixes), weak);
    const built = Ipv6Set.build(asked.memory, prefixes, { random: 0xfeed_5678_9abc_def1n, settle: asked.settle });
    if (built === "grow") throw new Error("it has room");
    let set = built;
    const isMember = (address: bigint) =>
      [...model.values()].some(({ first, last }) => address >= first && address <= last);
    const probes = begin.flatMap(edges);
    const check = (address: bigint, label: string) => {
      const expected = isMember(address);
      expect(set.has(wordsOf(address)), `${label}, ${address.toString(16)}`).toBe(expected);
      expect(asked.ask(address >> 64n, BigInt.asUintN(64, address)), `${label}, ${address.toString(16)}`).toBe(
        expected,
      );
    };
    for (const address of new Set(probes)) check(address, `seed ${seed}, as built`);
    for (let step = 0; step < 1000; step++) {
      const listed = [...model.values()];
      const range =
        random.below(3) === 0 ? (listed[random.below(listed.length)] ?? randomRange(random)) : randomRange(random);
      const name = ipv6PrefixText(range.prefix);
      const label = `seed ${seed}, step ${step}: ${name}`;
      if (random.below(2) === 0) {
        expect(set.remove(range.prefix), label).toBe(model.delete(name) ? "removed" : "absent");
      } else {
        expect(set.add(range.prefix), label).toBe(model.has(name) ? "present" : "added");
        model.set(name, range);
      }
      if (step % 300 === 0) set = Ipv6Set.open(asked.memory, { settle: asked.settle });
      probes.push(...edges(range));
      for (const address of edges(range)) check(address, label);
      for (let count = 0; count < 4; count++) check(probes[random.below(probes.length)] ?? 0n, label);
    }
    const entries = set.entries();
    const names = Array.from({ length: entries.length / IPV6_NUMBERS }, (_, index) => {
      const [a = 0, b = 0, c = 0, d = 0, length = 0] = entries.subarray(index * IPV6_NUMBERS);
      return ipv6PrefixText({ words: [a, b, c, d], length });
    });
    const sorted = [...model].sort(([, one], [, other]) =>
      one.first === other.first ? one.prefix.length - other.prefix.length : one.first < other.first ? -1 : 1,
    );
    expect(names).toEqual(sorted.map(([name]) => name));
  },
);

test.each([
  [[0x2001_0db8, 0, 0, 1], 128, "2001:db8::1"],
  [[0, 0, 0, 0], 0, "::/0"],
  [[0x2001_0000, 0x0001_0000, 0x0000_0001, 0], 112, "2001:0:1::1:0:0/112"],
  [[0x0001_0002, 0x0003_0004, 0x0005_0006, 0x0007_0000], 128, "1:2:3:4:5:6:7:0"],
] as const)("writes %j/%i as %s", (words, length, text) => {
  expect(ipv6PrefixText({ words, length })).toBe(text);
});
