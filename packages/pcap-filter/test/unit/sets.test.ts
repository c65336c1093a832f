import { expect, test } from "vitest";
import { Filter, FilterError, type Sets } from "../../src/index.ts";

const A = [10, 0, 0, 1];
const B = [10, 0, 0, 2];
const A6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const B6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
const MACS = [2, 0, 0, 0, 0, 0xb, 2, 0, 0, 0, 0, 0xa];
const ports = (source: number, destination: number): number[] => [
  source >> 8,
  source & 255,
  destination >> 8,
  destination & 255,
];

const udp4 = frame(0x0800, [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, ...A, ...B, ...ports(1000, 53)]);
const udp6 = frame(0x86dd, [0x60, 0, 0, 0, 0, 8, 17, 64, ...A6, ...B6, ...ports(1000, 53)]);
const arp = frame(0x0806, [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, ...A, 2, 0, 0, 0, 0, 2, ...B]);

function frame(type: number, payload: readonly number[]): Uint8Array {
  return Uint8Array.from([...MACS, type >> 8, type & 255, ...payload]);
}

/** Sets by what they are asked: `a` has the first addresses, `b` the second ones. */
const entries: Readonly<Record<string, readonly string[]>> = {
  a: ["ipv4 a000001", "ipv6 20010db8 0 0 1", "port 3e8", "mac 200 a"],
  b: ["ipv4 a000002", "ipv6 20010db8 0 0 2", "port 35", "mac 200 b"],
  none: [],
};
const sets: Sets = {
  has: (set, of, words) => entries[set]?.includes(`${of} ${words.map((word) => word.toString(16)).join(" ")}`) ?? false,
};

const CASES: readonly (readonly [expression: string, udp4: boolean, udp6: boolean, arp: boolean])[] = [
  ["src in @a", true, true, true],
  ["dst in @a", false, false, false],
  ["dst host in @b", true, true, true],
  ["host in @b", true, true, true],
  ["src or dst in @b", true, true, true],
  ["src and dst in @a", false, false, false],
  ["host in @none", false, false, false],
  ["ip src in @a", true, false, false],
  ["ip6 src in @a", false, true, false],
  ["arp src in @a", false, false, true],
  ["ip in @b", true, false, false],
  ["rarp in @b", false, false, false],
  ["ether src in @a", true, true, true],
  ["ether dst in @a", false, false, false],
  ["ether in @b", true, true, true],
  ["ether host in @b", true, true, true],
  ["port in @a", true, true, false],
  ["udp src port in @a", true, true, false],
  ["udp dst port in @a", false, false, false],
  ["tcp port in @a", false, false, false],
  ["src host 192.0.2.1 or in @a", true, true, true],
  ["src in @none or in @a", true, true, true],
  ["src (192.0.2.1 or in @a)", true, true, true],
  ["not src in @a", false, false, false],
  ["src not in @a", false, false, false],
  ["port in @a and dst in @b", true, true, false],
];

test.each(CASES)("%s", (expression, in4, in6, inArp) => {
  const filter = new Filter(expression);
  expect([udp4, udp6, arp].map((bytes) => filter.matches(bytes, bytes.length, sets))).toEqual([in4, in6, inArp]);
  const through = new Filter(expression, { vlan: "through" });
  const tagged = [udp4, udp6, arp].map((bytes) =>
    Uint8Array.from([...bytes.subarray(0, 12), 0x81, 0, 0, 5, ...bytes.subarray(12)]),
  );
  expect(tagged.map((bytes) => through.matches(bytes, bytes.length, sets))).toEqual([in4, in6, inArp]);
});

test("an address that is cut off ends the expression, and the set is not asked", () => {
  const asked: string[] = [];
  const noting: Sets = { has: (set) => asked.push(set) === 0 };
  expect(new Filter("not src in @a").matches(udp6.subarray(0, 14 + 22), 100, noting)).toBe(false);
  expect(asked).toEqual([]);
  expect(new Filter("not src in @a").matches(udp6.subarray(0, 14 + 24), 100, noting)).toBe(true);
  expect(asked).toEqual(["a"]);
});

test("behind a label of MPLS only the addresses of IP can be known", () => {
  const labelled = Uint8Array.from([...udp4.subarray(0, 12), 0x88, 0x47, 0, 6, 0x41, 64, ...udp4.subarray(14)]);
  const matches = (expression: string): boolean => new Filter(expression).matches(labelled, labelled.length, sets);
  expect(["src in @a", "dst in @a", "host in @b"].map((rest) => matches(`mpls and ${rest}`))).toEqual([
    true,
    false,
    true,
  ]);
  expect(mistake("mpls and arp src in @a").what).toContain("can only be IP or IPv6");
});

test("an expression tells which sets it asks, and for what", () => {
  const filter = new Filter("src in @block and (port in @services or ether src in @cards or dst in @block)");
  expect(filter.sets).toEqual([
    { name: "block", kind: "addresses", span: { start: 4, end: 13 } },
    { name: "services", kind: "ports", span: { start: 24, end: 36 } },
    { name: "cards", kind: "macs", span: { start: 50, end: 59 } },
  ]);
  expect(new Filter("tcp").sets).toEqual([]);
});

test("sets that are asked and were not given are an error, not a frame that does not match", () => {
  expect(() => new Filter("src in @a").matches(udp4)).toThrow("@a is asked, and matches() was given no sets");
});

const MISTAKES: readonly (readonly [expression: string, marks: string, what: string])[] = [
  ["in @a", "^~", '"in" stands behind what can be in a set'],
  ["tcp and @a", "        ^~", '@a is a set, and stands behind "in"'],
  ["host @a", "     ^~", '@a is a set, and stands behind "in"'],
  ["host in", "       ^", 'the name of a set is missing behind "in", where the expression ends'],
  ["host in block", "        ^~~~~", 'the name of a set is missing behind "in"'],
  ["src in @a or @b", "             ^~", '@b is a set, and stands behind "in"'],
  ["vlan in @a", "     ^~", '"in" stands behind what can be in a set'],
  ["tcp[@a] = 1", "    ^~", '@a is a set, and stands behind "in"'],
  ["host in @", "        ^", "the name of a set is missing behind @"],
  ["host in @1a", "        ^", "the name of a set is missing behind @"],
  ["host in @abcdefghijklmnop", "        ^~~~~~~~~~~~~~~~~", "the name of a set has at most 15 characters"],
  ["tcp in @a", "    ^~~~~", '"tcp" has no addresses'],
  ["icmp port in @a", "          ^~~~~", '"icmp" has no ports'],
  ["ether port in @a", "           ^~~~~", '"ether" has no ports'],
  ["src net in @a", "        ^~~~~", "whether an address is in a net of the set is asked of a host"],
  ["portrange in @a", "          ^~~~~", "whether a port is in the set is asked of one port"],
  ["ip proto in @a", "         ^~~~~", "a set has addresses, ports or addresses of Ethernet"],
  ["src in @a and port in @a", "                   ^~~~~", "@a has addresses before, and ports here"],
];

test.each(MISTAKES)("mistake: %s", (expression, marks, what) => {
  const [first, , pointed] = mistake(expression).message.split("\n");
  expect(first).toContain(what);
  expect(pointed).toBe(`  ${marks}`);
});

function mistake(expression: string): FilterError {
  try {
    new Filter(expression);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error(`"${expression}" is taken`);
}
