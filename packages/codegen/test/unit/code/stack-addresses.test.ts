import { disassemble } from "@weir/bytecode";
import { expect, test } from "vitest";
import { ModuleBuilder } from "../../../src/index.ts";

test("a number is added to an address in the stack, never the other way round", () => {
  const module = new ModuleBuilder();
  const program = module.function("program", { parameters: 1 });
  const indices = [0, 4].map((offset) =>
    program.binary(
      "and",
      64,
      program.zeroExtend(program.load(32, program.parameter(0), offset), 32, 64),
      program.constant(64, 7n),
    ),
  );
  // Younger than the numbers, so that it comes behind them in the sums.
  const slot = program.stackSlot(16, 8);
  for (const index of indices) {
    program.store(8, program.binary("add", 64, slot, index), 0, program.constant(32, 1n));
    program.store(8, program.binary("add", 64, index, slot), 8, program.constant(32, 1n));
  }
  program.return(program.constant(64, 0n));
  const lines = disassemble(module.build("program").instructions).split("\n");
  const onStack = new Set<string>();
  const sums: string[] = [];
  for (const line of lines) {
    const [, to, from] = /(r\d) = (r\d+)$/.exec(line) ?? [];
    if (to !== undefined && from !== undefined) {
      if (from === "r10" || onStack.has(from)) onStack.add(to);
      else onStack.delete(to);
    }
    const [, sum, added] = /(r\d) \+= (r\d)$/.exec(line) ?? [];
    if (sum !== undefined && added !== undefined) sums.push(`${onStack.has(sum)} ${onStack.has(added)}`);
  }
  expect(sums.length).toBeGreaterThanOrEqual(2);
  expect(new Set(sums)).toEqual(new Set(["true false"]));
});
