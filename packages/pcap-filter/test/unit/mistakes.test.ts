import { expect, test } from "vitest";
import { Filter, FilterError } from "../../src/index.ts";

/** An expression, a line that points at the mistake, and how the message begins. */
const MISTAKES: readonly (readonly [expression: string, marks: string, what: string])[] = [
  ["tcp port", "        ^", "an address, number or name is missing, where the expression ends"],
  ["tcp or", "      ^", "a condition is missing, where the expression ends"],
  ["tcp udp", "    ^~~", '"udp" does not belong here'],
  ["tcp 80", "    ^~", '"80" does not belong here'],
  [
    "ether host 02:00:00:00:00",
    "           ^~~~~~~~~~~~~~",
    "frames of Ethernet have addresses like 02:00:00:00:00:07",
  ],
  ["10.0.0.1", "^~~~~~~~", "it is not said what this is"],
  ["tcp and 80", "        ^~", "it is not said what this is"],
  ["(port 80) or 443", "             ^~~", "it is not said what this is"],
  ["ether proto 0xe0", "            ^~~~", "weir does not have IPX and AppleTalk"],
  ["host foo", "     ^~~", '"foo" is not an address, and weir looks up no names'],
  ["host 5", "     ^", '"5" is not an address'],
  ["host 127.1", "     ^~~~~", '"127.1" is part of an address, which programs read in different ways'],
  [
    "host 010.0.0.1",
    "     ^~~~~~~~~",
    '"010.0.0.1" has a number that begins with 0, which some programs read as octal',
  ],
  ["host 256.0.0.1", "     ^~~~~~~~~", '"256.0.0.1" is not an address of IPv4'],
  ["host 10.0.0.0/8", "              ^", "a mask is for nets"],
  ["net 10.0.0.1/8", "    ^~~~~~~~~~", "the address has bits that its mask cuts off"],
  ["net 10.0.0.0/33", "             ^~", "an address of IPv4 has 32 bits"],
  ["net 2001:db8::1/32", "    ^~~~~~~~~~~~~~", "the address has bits that its mask cuts off"],
  ["host 2001:db8::1::2", "     ^~~~~~~~~~~~~~", '"2001:db8::1::2" is not an address of IPv6'],
  ["ip6 host 10.0.0.1", "         ^~~~~~~~", '"ip6" has no address of IPv4'],
  ["tcp host 10.0.0.1", "         ^~~~~~~~", '"tcp" has no address of IPv4'],
  ["host 02:00:00:00:00:01", "     ^~~~~~~~~~~~~~~~~", "an address of Ethernet is compared with those of the frame"],
  ["port 65536", "     ^~~~~", "the largest port is 65535"],
  ["port 080", "     ^~~", "the number 080 begins with 0, so it is octal, and has a digit that is not"],
  ["port nonsense", "     ^~~~~~~~", '"nonsense" is not the name of a port that weir knows'],
  ["port 80-90", "     ^~~~~", '"80-90" is not a port'],
  ["portrange http", "          ^~~~", '"http" is one port'],
  ["udp port http", "         ^~~~", 'the port "http" is one of tcp'],
  ["icmp port 80", "          ^~", '"icmp" has no ports'],
  ["ip proto tcp", "         ^~~", '"tcp" is a word of the language, where an address, number or name is missing'],
  ["ip proto \\nonsense", "         ^~~~~~~~~", '"nonsense" is not a protocol that weir knows'],
  ["arp proto 6", "          ^", '"arp" carries no other protocol that has a number in it'],
  ["src proto 6", "          ^", 'a protocol has no direction: "src" does not belong here'],
  ["ether", "^~~~~", 'every frame is one of Ethernet: "ether" alone says nothing'],
  ["tcp[0:3] = 1", "      ^", "the size of what is read must be 1, 2 or 4 bytes"],
  ["tcp[0 = 1", "      ^", '"]" is missing'],
  ["tcp[0]", "      ^", "a comparison is missing, where the expression ends"],
  ["ah[0] = 1", "^~~~~", 'bytes of "ah" cannot be read'],
  ["ip[0] / 0 = 1", "        ^", "it is divided by zero"],
  ["ip[0] << 32 = 1", "         ^~", "it is shifted by more than 31 bits"],
  ["ip[0] = 4294967296", "        ^~~~~~~~~~", "the number 4294967296 has more than 32 bits"],
  ["(tcp", "    ^", '")" is missing, where the expression ends'],
  ["vlan 4096", "^~~~~~~~~", "the largest VLAN is 4095"],
  ["mpls 1048576", "^~~~~~~~~~~~", "the largest label is 1048575"],
  ["mpls and vlan", "         ^~~~", "behind a label of MPLS there is no tag"],
  ["mpls and arp", "         ^~~", "what is behind a label of MPLS can only be IP or IPv6"],
  ["ip6 broadcast", "^~~~~~~~~~~~~", '"ip6" has no broadcasts'],
  ["gateway 10.0.0.1", "^~~~~~~", 'weir does not have "gateway"'],
  ["inbound and tcp", "^~~~~~~", 'weir does not have "inbound"'],
  ["tcp and pppoes", "        ^~~~~~", 'weir does not have "pppoes"'],
  ["tcp; udp", "   ^", '";" means nothing here'],
];

test.each(MISTAKES)("%s", (expression, marks, what) => {
  const error = mistake(expression);
  const [first, shown, pointed] = error.message.split("\n");
  expect(first).toContain(what);
  expect(shown).toBe(`  ${expression}`);
  expect(pointed).toBe(`  ${marks}`);
  expect(error.code).toBe("WEIR_FILTER");
});

test("the place is shown in its own line", () => {
  expect(mistake("tcp\n\tand port nonsense\nor udp").message).toBe(
    [
      '"nonsense" is not the name of a port that weir knows',
      "  \tand port nonsense",
      "  \t         ^~~~~~~~",
      "  Write its number.",
    ].join("\n"),
  );
});

test("of a long line the part with the mistake is shown", () => {
  const [, shown, marks] = mistake(`${"tcp or ".repeat(100)}udp port nonsense${" or tcp".repeat(100)}`).message.split(
    "\n",
  );
  expect(shown).toBe(`  …${"tcp or ".repeat(20).slice(-51)}udp port nonsense${" or tcp".repeat(10).slice(0, 52)}…`);
  expect(marks?.trim()).toBe("^~~~~~~~");
  expect(shown?.slice(marks?.indexOf("^"))).toMatch(/^nonsense/);
});

test("what is nested or written to exhaust the process is a mistake with a place", () => {
  for (const [before, inside, behind] of [
    ["", "tcp", ""],
    ["", "len", " > 60"],
    ["", "len > 60", ""],
    ["port ", "80", ""],
  ]) {
    const nested = (depth: number) => `${before}${"(".repeat(depth)}${inside}${")".repeat(depth)}${behind}`;
    expect(() => new Filter(nested(200)), inside).not.toThrow();
    expect(mistake(nested(202)).message).toContain("nested more than 200 deep");
  }
  expect(mistake("(".repeat(3_000)).message).toContain("the expression is nested more than 200 deep");
  expect(mistake("not ".repeat(3_000)).message).toContain("the expression is nested more than 200 deep");
  expect(mistake(`ether[${"ether[".repeat(1_500)}`).message).toContain("the expression is nested more than 200 deep");
  expect(mistake("tcp or ".repeat(20_000)).message).toContain("the expression has more than 4000 words");
  // Long but flat is allowed.
  expect(new Filter(`${"tcp or ".repeat(1_999)}tcp`).matches(new Uint8Array(60))).toBe(false);
  expect(new Filter(`1${" + len".repeat(1_990)} > 0`).matches(new Uint8Array(60))).toBe(true);
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
