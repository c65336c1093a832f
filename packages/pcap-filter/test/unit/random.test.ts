import { Random, requireTool } from "@weir/laboratory";
import { expect, test } from "vitest";
import { Filter } from "../../src/index.ts";
import { type Compiled, compileByTcpdump, runClassic } from "../fixtures/classic-bpf.ts";
import { randomExpression } from "../fixtures/random-expression.ts";
import { randomFrame } from "../fixtures/random-frame.ts";

const EXPRESSIONS = Number(process.env.WEIR_TEST_EXPRESSIONS ?? 2_000);
const FRAMES = 200;
const seed = Number(process.env.WEIR_TEST_SEED ?? 20_261_129);

test.skipIf(requireTool("tcpdump"))(
  "random expressions match what libpcap's own programs match, in whole frames and in parts",
  { timeout: 300_000 },
  () => {
    const random = new Random(seed);
    let [matches, compared, undecided, refused] = [0, 0, 0, 0];
    for (let count = 0; count < EXPRESSIONS; count++) {
      const expression = randomExpression(random);
      // With protochain it does not optimise: nothing tells which reads it would have left out.
      if (expression.includes("protochain") && /net |\[/.test(expression)) continue;
      const frames = Array.from({ length: FRAMES }, () => randomFrame(random));
      const asWritten = compileByTcpdump(expression, "as written");
      const optimised = compileByTcpdump(expression, "optimised");
      const ours = attempt(expression);
      // It takes some numbers for zero, or for more than 31, that are not: of a right side it looks at the first number only.
      const isMistaken = (is: Compiled) => "refusal" in is && /by zero$|more than 31 bits$/.test(is.refusal);
      if (isMistaken(asWritten) || isMistaken(optimised)) continue;
      if ("refusal" in asWritten || "refusal" in optimised) {
        refused += 1;
        expect(ours, `seed ${seed}: ${expression}\n${JSON.stringify(asWritten)}`).toBeTypeOf("string");
        continue;
      }
      if (typeof ours === "string") throw new Error(`seed ${seed}: weir refuses what tcpdump takes:\n${ours}`);
      for (const { bytes, length } of frames) {
        const [one, other] = [asWritten, optimised].map(({ program }) => runClassic(program, bytes, length));
        compared += 1;
        // Its optimiser leaves out reads that decide nothing, and with them the end of frames that are too short for them.
        if (one !== other) {
          undecided += 1;
          continue;
        }
        const is = ours.matches(bytes, length);
        matches += Number(is);
        if (is !== one)
          throw new Error(
            `seed ${seed}: "${expression}" ${is ? "matches" : "does not match"} ${Buffer.from(bytes).toString("hex")} of ${length} bytes`,
          );
      }
    }
    expect(undecided / compared).toBeLessThan(0.02);
    expect(matches / compared).toBeGreaterThan(0.05);
    expect(refused / EXPRESSIONS).toBeLessThan(0.3);
  },
);

function attempt(expression: string): Filter | string {
  try {
    return new Filter(expression);
  } catch (error) {
    if (error instanceof Error && error.name === "FilterError") return error.message;
    throw error;
  }
}
