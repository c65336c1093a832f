import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { type Limit, limitText, logText, parseRules } from "../../src/index.ts";

function limitOf(limit: object): Limit {
  const text = JSON.stringify({ rules: [{ name: "a", match: "tcp", action: { limit } }] });
  const action = parseRules(text, "rules.json").rules.rules[0]?.action;
  if (action?.kind !== "limit") throw new Error("this is no limit");
  return action;
}

const TEXTS: readonly (readonly [limit: object, same: object])[] = [
  [{ rate: "1000/s" }, { rate: "1000/s" }],
  [{ rate: "20000 packets/s", per: "rule" }, { rate: "20k/s" }],
  [
    { rate: "1.5Gbit/s", burst: "64kbyte", per: "source" },
    { rate: "1500Mbit/s", burst: "512kbit", per: "source" },
  ],
  [
    { rate: "10/min", burst: 5, per: "source/24" },
    { rate: "10/min", per: "source/24" },
  ],
  [
    { rate: "0.1/h", burst: 7, per: "source/64" },
    { rate: "0.1/h", burst: "7", per: "source/64" },
  ],
  [
    { rate: "0.0000001/s", per: "source/24/64" },
    { rate: "0.0000001/s", per: "source/24/64" },
  ],
  [
    { rate: "2Mbyte/s", per: "source/32/24" },
    { rate: "16Mbit/s", per: "source/32/24" },
  ],
  [
    { rate: "1G/s", burst: 4294967296, per: "flow" },
    { rate: "1G/s", burst: "4294967296", per: "flow" },
  ],
];

test.each(TEXTS)("%j is written %j", (limit, same) => {
  expect(limitText(limitOf(limit))).toEqual(same);
});

test("what is read of a limit's text is the same limit", () => {
  const random = new Random(20_261_129);
  for (let round = 0; round < 2000; round++) {
    const isPackets = random.below(2) === 0;
    const amount = isPackets ? random.below(1e9) / 10 ** random.below(9) + 1e-6 : 3_600_000 + random.below(1e9);
    const [ipv4, ipv6] = [1 + random.below(32), 1 + random.below(128)];
    const limit: Limit = {
      kind: "limit",
      rate: { unit: isPackets ? "packets" : "bits", amount, seconds: random.pick([1, 60, 3600]) },
      burst: 1000 + random.below(1e9),
      per: random.pick<Limit["per"]>([{ kind: "rule" }, { kind: "flow" }, { kind: "source", ipv4, ipv6 }]),
    };
    expect(limitOf(limitText(limit))).toEqual(limit);
  }
});

test.each([
  [{ rate: "10/s" }, undefined],
  [
    { rate: "10/s", burst: 6 },
    { rate: "10/s", burst: "6" },
  ],
  [{ rate: "2k/s" }, { rate: "2000/s" }],
  [{ rate: "5/min" }, { rate: "5/min" }],
])("a log of %j is written %j", (log, same) => {
  const read = (action: object | string) => {
    const text = JSON.stringify({ rules: [{ name: "a", match: "tcp", action }] });
    const found = parseRules(text, "rules.json").rules.rules[0]?.action;
    if (found?.kind !== "log") throw new Error("this is no log");
    return found;
  };
  const written = logText(read({ log }));
  expect(written).toEqual(same);
  expect(read(written === undefined ? "log" : { log: written })).toEqual(read({ log }));
});
