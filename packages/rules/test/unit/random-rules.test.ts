import { Machine } from "@weir/bytecode/machine";
import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { randomFrame } from "../../../pcap-filter/test/fixtures/random-frame.ts";
import { decidedObject } from "../fixtures/decided-object.ts";
import { decidedBy, randomRules } from "../fixtures/random-rules.ts";

const SETS = Number(process.env.WEIR_TEST_RULE_SETS ?? 40);
const FRAMES = 200;
const seed = Number(process.env.WEIR_TEST_SEED ?? 20_261_129);

for (const vlan of ["exact", "through"] as const) {
  test(`compiled rules find what the rules one by one do (${vlan})`, { timeout: 300_000 }, () => {
    let matches = 0;
    for (let set = 0; set < SETS; set++) {
      const random = new Random(seed + set);
      const rules = randomRules(random, vlan);
      const machine = new Machine(
        decidedObject(
          rules.map(({ filter, decides }) => ({ meaning: filter.meaning, decides })),
          vlan,
          { verify: true },
        ),
      );
      for (let frame = 0; frame < FRAMES; frame++) {
        const { bytes } = randomFrame(random);
        const expected = decidedBy(rules, bytes);
        const { result } = machine.run({ packet: bytes });
        if (result !== BigInt(expected)) {
          const expressions = rules.map(({ filter, decides }) => `${decides ? "" : "(goes on) "}${filter.expression}`);
          throw new Error(
            `seed ${seed + set}: rule ${result} instead of ${expected} for ${Buffer.from(bytes).toString("hex")}\n${expressions.join("\n")}`,
          );
        }
        if (expected < rules.length) matches += 1;
      }
    }
    expect(matches).toBeGreaterThan(SETS * FRAMES * 0.2);
  });
}
