import { describe, expect, test } from "vitest";
import { entryOf, entryText, ipv4PrefixText, ipv6PrefixText, readSetFile } from "../../src/index.ts";

const read = (text: string) => readSetFile(new TextEncoder().encode(text), "blocklist.txt");
const mistakes = (text: string) =>
  read(text).mistakes.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);

test("reads entries of all kinds, with comments and blank lines", () => {
  const { ipv4, ipv6, ports, macs, mistakeCount } = read(
    [
      "# a list",
      "",
      "192.0.2.1",
      "  10.0.0.0/8\t# private\r",
      "0.0.0.0/0",
      "255.255.255.255",
      "2001:db8::/32",
      "::ffff:192.0.2.1",
      "80",
      "6000-6063 # X11",
      "02:00:5e:10:00:01",
      "198.51.100.0/24",
    ].join("\n"),
  );
  expect([...ipv4].map(ipv4PrefixText)).toEqual([
    "192.0.2.1",
    "10.0.0.0/8",
    "0.0.0.0/0",
    "255.255.255.255",
    "198.51.100.0/24",
  ]);
  expect([...ipv6]).toEqual([0x2001_0db8, 0, 0, 0, 32, 0, 0, 0xffff, 0xc000_0201, 128]);
  expect(ipv6PrefixText({ words: [0x2001_0db8, 0, 0, 0], length: 32 })).toBe("2001:db8::/32");
  expect(ports).toEqual([
    { first: 80, last: 80 },
    { first: 6000, last: 6063 },
  ]);
  expect([...macs]).toEqual([0x0200_5e10_0001]);
  expect(mistakeCount).toBe(0);
});

describe("says what is wrong, and where", () => {
  test.each([
    ["192.0.2.256", '1:1: "192.0.2.256" is not an address of IPv4'],
    ["\n  10.0.0.1/8 # no", "2:3: 10.0.0.1/8 has bits behind its length: the prefix is 10.0.0.0/8"],
    ["010.0.0.1", '1:1: "010.0.0.1" has a number that begins with 0, which some programs read as octal'],
    ["10.00.0.1", '1:1: "10.00.0.1" has a number that begins with 0, which some programs read as octal'],
    ["127.1", '1:1: "127.1" is not an address of IPv4: it has 2 of 4 numbers'],
    ["10.0.0.0/33", '1:10: the length of a prefix of IPv4 is a number from 0 to 32, not "33"'],
    ["10.0.0.0/08", '1:10: the length of a prefix of IPv4 is a number from 0 to 32, not "08"'],
    ["10.0.0.0/", '1:10: the length of a prefix of IPv4 is a number from 0 to 32, not ""'],
    ["2001:db8::/129", '1:12: the length of a prefix of IPv6 is a number from 0 to 128, not "129"'],
    ["2001:db8::1/64", "1:1: 2001:db8::1/64 has bits behind its length: the prefix is 2001:db8::/64"],
    ["2001:db8:::1", '1:1: "2001:db8:::1" is not an address of IPv6'],
    ["10.0.0.1 10.0.0.2", '1:1: "10.0.0.1 10.0.0.2" is not an address, a prefix, a port or a hardware address'],
    ["example.com", '1:1: "example.com" is not an address, a prefix, a port or a hardware address'],
    ["65536", '1:1: "65536" is no port: ports are 0 to 65535'],
    ["20-10", '1:1: "20-10" is no range of ports: the first one is larger than the last'],
    ["1.2.3.4.5", '1:1: "1.2.3.4.5" is not an address of IPv4'],
    ["1..3.4", '1:1: "1..3.4" is not an address of IPv4'],
  ])("%j", (text, message) => {
    expect(mistakes(text)).toEqual([`blocklist.txt:${message}`]);
  });
});

test("tells the first twenty mistakes, and counts all", () => {
  const { mistakes: told, mistakeCount } = read("?\n".repeat(100));
  expect([told.length, mistakeCount]).toEqual([20, 100]);
});

test("what some editors put before UTF-8 is no entry", () => {
  expect([...read("\ufeff192.0.2.1\n").ipv4].map(ipv4PrefixText)).toEqual(["192.0.2.1"]);
  expect(mistakes("\ufeff192.0.2.1x\n")).toHaveLength(1);
});

test("a last line needs no end, and an empty file has no entries", () => {
  expect([...read("10.0.0.1").ipv4]).toEqual([0x0a00_0001 * 64 + 32]);
  expect(read("").ipv4).toHaveLength(0);
});

test.each([
  "0.0.0.0/0",
  "192.0.2.1",
  "2001:db8::/32",
  "::",
  "80",
  "6000-6063",
  "02:00:5e:10:00:01",
  "00:00:00:00:00:0a",
])("%s is written as it was read", (text) => {
  const entry = entryOf(text);
  if (entry.kind === "mistake") throw new Error(entry.message);
  expect(entryText(entry)).toBe(text);
});
