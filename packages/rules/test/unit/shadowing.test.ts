import { Random } from "@weir/laboratory";
import { Filter } from "@weir/pcap-filter";
import { expect, test } from "vitest";
import { randomFrame } from "../../../pcap-filter/test/fixtures/random-frame.ts";
import { shadowing } from "../../src/compile/shadowing.ts";
import { parseRules } from "../../src/index.ts";
import { randomRules } from "../fixtures/random-rules.ts";

const of = (...expressions: readonly string[]) =>
  shadowing(
    expressions.map((expression) => ({
      meaning: new Filter(expression.replace(/^goes on: /, ""), { vlan: "through" }).meaning,
      decides: !expression.startsWith("goes on: "),
    })),
    "through",
  ).at(-1);

test("a rule is shadowed by one for more addresses, ports or protocols", () => {
  expect(of("src net 10.0.0.0/8", "src host 10.1.2.3 and tcp dst port 80")).toEqual([0]);
  expect(of("ip", "ip6", "udp dst port 53")).toEqual([0, 1]);
  expect(of("portrange 1-1024", "tcp", "dst port 80")).toEqual([0]);
  expect(of("ip6", "src net 2001:db8::/32")).toEqual([0]);
  expect(of("not tcp", "arp")).toEqual([0]);
});

test("a rule is not shadowed where a frame may be left for it", () => {
  expect(of("src net 10.0.0.0/9", "src net 10.0.0.0/8")).toEqual([]);
  expect(of("tcp dst port 80", "dst port 80")).toEqual([]);
  expect(of("goes on: udp", "udp and dst port 53")).toEqual([]);
  expect(of("ip", "host 10.1.2.3")).toEqual([]);
  expect(of("udp and dst port 53", "udp and dst port 53 and src in @friends", "udp and src in @friends")).toEqual([]);
});

test("of random rules those that are shadowed match no frame that comes as far", () => {
  let shadowed = 0;
  for (let round = 0; round < 60; round++) {
    const random = new Random(20_261_129 + round);
    const rules = randomRules(random, "through");
    const found = shadowing(
      rules.map(({ filter, decides }) => ({ meaning: filter.meaning, decides })),
      "through",
    );
    const frames = Array.from({ length: 300 }, () => randomFrame(random)).filter(
      ({ bytes, length }) => bytes.length === length,
    );
    for (const [index, by] of found.entries()) {
      if (by.length === 0) continue;
      shadowed += 1;
      for (const { bytes } of frames) {
        if (bytes.length < 120 || !rules[index]?.filter.matches(bytes)) continue;
        expect(rules.slice(0, index).some(({ filter, decides }) => decides && filter.matches(bytes))).toBe(true);
      }
    }
  }
  expect(shadowed).toBeGreaterThan(10);
});

test("files are told of it", () => {
  const { warnings } = parseRules(
    JSON.stringify({
      rules: [
        { name: "net", match: "src net 10.0.0.0/8", action: "drop" },
        { name: "host", match: "src host 10.1.2.3", action: "pass" },
      ],
    }),
    "rules.json",
  );
  expect(warnings.map(({ message }) => message)).toEqual([
    'the rule "host": it can never match: "net" (rules.json:1) decides for all of its frames',
  ]);
});
