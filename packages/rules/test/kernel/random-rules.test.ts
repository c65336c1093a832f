import { loadObject } from "@weir/kernel";
import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { randomFrame } from "../../../pcap-filter/test/fixtures/random-frame.ts";
import { decidedObject } from "../fixtures/decided-object.ts";
import { decidedBy, randomRules } from "../fixtures/random-rules.ts";

const SETS = Number(process.env.WEIR_TEST_RULE_SETS ?? 20);
const FRAMES = 200;
/** The kernel takes no shorter frame. */
const SHORTEST = 14;
const seed = Number(process.env.WEIR_TEST_SEED ?? 20_261_130);

for (const vlan of ["exact", "through"] as const) {
  test(`the kernel takes compiled rules, and finds what the rules one by one do (${vlan})`, {
    timeout: 300_000,
  }, () => {
    for (let set = 0; set < SETS; set++) {
      const random = new Random(seed + set);
      const rules = randomRules(random, vlan);
      using object = loadObject(
        decidedObject(
          rules.map(({ filter, decides }) => ({ meaning: filter.meaning, decides })),
          vlan,
        ),
      );
      const found = object.program("find");
      if (found.kind !== "loaded") throw new Error("the object lacks its program");
      for (let frame = 0; frame < FRAMES; frame++) {
        const { bytes } = randomFrame(random);
        if (bytes.length < SHORTEST) continue;
        const { verdict } = found.program.testRun({ data: bytes });
        const expressions = () =>
          rules.map(({ filter, decides }) => `${decides ? "" : "(goes on) "}${filter.expression}`);
        expect(
          verdict >>> 0,
          `seed ${seed + set}: ${Buffer.from(bytes).toString("hex")}\n${expressions().join("\n")}`,
        ).toBe(decidedBy(rules, bytes));
      }
    }
  });
}
