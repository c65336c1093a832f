import { expect, test } from "vitest";
import type { Comparison, FunctionBuilder, Value } from "../../../src/index.ts";
import { constant32, dumpBuilt } from "../../dump.ts";

/** The end of a block that compares what `make` gives with a constant. */
function branched(comparison: Comparison, right: number, make: (builder: FunctionBuilder) => Value): string {
  const text = dumpBuilt((builder) => {
    const [yes, no] = [builder.block("yes"), builder.block("no")];
    builder.branch(comparison, 32, make(builder), constant32(builder, right), yes, no);
    for (const [index, block] of [yes, no].entries()) {
      builder.seal(block);
      builder.enter(block);
      builder.return(constant32(builder, index));
    }
  });
  return (
    text
      .split("\n")
      .find((line) => /^ {2}(if|jump)/.test(line))
      ?.trim() ?? ""
  );
}

const port = (builder: FunctionBuilder): Value => builder.load(16, builder.parameter(0), 12);
const masked = (builder: FunctionBuilder): Value =>
  builder.binary("and", 32, builder.load(32, builder.parameter(0), 12), constant32(builder, 6));

test.each<[string, Comparison, number, (builder: FunctionBuilder) => Value, string]>([
  ["ntohs(x) == c swaps the constant", "eq", 0x0800, (b) => b.byteSwap(16, port(b)), "if v0 ==32 8 yes.1 else no.2"],
  ["ntohs(x) == 0x10008 is never true", "eq", 0x1_0008, (b) => b.byteSwap(16, port(b)), "jump no.2"],
  ["a mask compared with 0 is a test of bits", "ne", 0, masked, "if v0 &32 6 yes.1 else no.2"],
  ["== 0 changes the arms", "eq", 0, masked, "if v0 &32 6 no.2 else yes.1"],
  ["16 bits are below 65,536", "ult", 0x1_0000, port, "jump yes.1"],
  ["at least 1 is not 0", "uge", 1, port, "if v0 !=32 0 yes.1 else no.2"],
  [
    "x + 3 == 5 asks for 2",
    "eq",
    5,
    (b) => b.binary("add", 32, port(b), constant32(b, 3)),
    "if v0 ==32 2 yes.1 else no.2",
  ],
])("%s", (_, comparison, right, make, expected) => {
  expect(branched(comparison, right, make)).toBe(expected);
});
