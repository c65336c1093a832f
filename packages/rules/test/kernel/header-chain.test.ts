import { Random } from "@weir/laboratory";
import { Filter } from "@weir/pcap-filter";
import { RULE_DROP } from "@weir/programs";
import { expect, test } from "vitest";
import { loadFilter } from "../fixtures/loaded-filter.ts";

const [DROP, PASS] = [1, 2];
/** The kernel takes no shorter frame. */
const SHORTEST = 14;

const EXPRESSIONS = [
  "ip6 protochain 6",
  "ip protochain 6",
  "protochain 17",
  "not protochain 17",
  "ip6 protochain 59",
  "ip6 protochain 44 and not ip6 protochain 6",
  "ip6 protochain 51 or ip6 proto 17",
  "vlan and ip6 protochain 6",
  "mpls and protochain 6",
];

const word = (value: number): number[] => [value >> 8, value & 255];
const MACS = Array.from({ length: 12 }, (_, index) => index);
const AUTHENTICATION = 51;

function ipv6(next: number, behind: readonly number[]): number[] {
  return [0x60, 0, 0, 0, ...word(behind.length), next, 64, ...Array.from({ length: 32 }, () => 1), ...behind];
}

function ipv4(next: number, words: number, behind: readonly number[]): number[] {
  const rest = Array.from({ length: 4 * words - 10 }, () => 1);
  return [0x40 + words, 0, ...word(4 * words + behind.length), 0, 0, 0, 0, 64, next, ...rest, ...behind];
}

/** Headers behind that of IP, and what that says of them. */
function chain(
  types: readonly number[],
  last: number,
  sizes: readonly number[],
): readonly [next: number, behind: number[]] {
  const behind = types.flatMap((_, index) => {
    const size = sizes[index] ?? 0;
    return [types[index + 1] ?? last, size, ...Array.from({ length: 6 + 8 * size }, () => 2)];
  });
  return [types[0] ?? last, [...behind, ...Array.from({ length: 8 }, () => 3)]];
}

function frames(): number[][] {
  const random = new Random(20_261_130);
  const found: number[][] = [];
  for (let count = 0; count < 60; count++) {
    const types = Array.from({ length: random.below(6) }, () => random.pick([0, 60, 43, 44, AUTHENTICATION]));
    const sizes = types.map(() => random.below(3));
    const [next, behind] = chain(types, random.pick([6, 17, 59, 58, 132]), sizes);
    const [type, packet] = random.chance(60)
      ? [0x86dd, ipv6(next, behind)]
      : [0x0800, ipv4(next, 5 + random.below(3), behind)];
    const before = random.pick([word(type), [...word(0x8100), 0, 7, ...word(type)], [...word(0x8847), 0, 6, 0x41, 64]]);
    found.push([...MACS, ...before, ...packet]);
  }
  // As many headers as a page has room for, and two of IPv4 that lead to each other.
  const long = Array.from({ length: 400 }, () => 60);
  found.push([...MACS, ...word(0x86dd), ...ipv6(...chain(long, 6, []))]);
  found.push([...MACS, ...word(0x0800), ...ipv4(AUTHENTICATION, 5, [AUTHENTICATION, 3, 0, 0, 0, 0, 0, 0])]);
  return found;
}

test.each(["exact", "through"] as const)("chains of headers are followed as in captures (%s)", (vlan) => {
  const cut = new Random(20_261_131);
  const all = frames().flatMap((bytes) => [
    bytes,
    ...Array.from({ length: 6 }, () => bytes.slice(0, SHORTEST + cut.below(bytes.length - SHORTEST))),
  ]);
  let dropped = 0;
  for (const expression of EXPRESSIONS) {
    const filter = new Filter(expression, { vlan });
    const { object, program } = loadFilter([{ meaning: filter.meaning, decides: true }], [RULE_DROP], vlan);
    using _ = object;
    for (const bytes of all) {
      const data = Uint8Array.from(bytes);
      const { verdict } = program.testRun({ data });
      expect(verdict, `${expression}: ${Buffer.from(data).toString("hex")}`).toBe(filter.matches(data) ? DROP : PASS);
      dropped += Number(verdict === DROP);
    }
  }
  expect(dropped).toBeGreaterThan(400);
  expect(dropped).toBeLessThan(EXPRESSIONS.length * all.length - 400);
});

test("a program with many rules about chains is loaded", () => {
  const rules = Array.from({ length: 250 }, (_, protocol) => ({
    meaning: new Filter(`protochain ${protocol}`, { vlan: "through" }).meaning,
    decides: true,
  }));
  const { object, program } = loadFilter(
    rules,
    rules.map(() => RULE_DROP),
    "through",
  );
  using _ = object;
  expect(program.info().verifiedInstructions).toBeLessThan(200_000);
});
