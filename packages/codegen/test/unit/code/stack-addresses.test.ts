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

test("so it is with the address of what is in the stack of a function further up, as callbacks are given them", () => {
  const module = new ModuleBuilder();
  const inner = module.function("inner", { parameters: 2 });
  const mask = inner.constant(64, 7n);
  // The second one is read out of what the first one leads to.
  for (const base of [inner.parameter(1), inner.load(64, inner.parameter(1), 16)]) {
    const index = inner.binary("and", 64, inner.parameter(0), mask);
    const at = inner.binary("add", 64, index, base);
    inner.store(8, at, 0, inner.constant(32, 1n));
    inner.store(8, base, 8, inner.constant(32, 2n));
  }
  inner.return(inner.constant(64, 0n));
  const program = module.function("program", { parameters: 1 });
  const slot = program.stackSlot(24, 8);
  program.return(program.callFunction("inner", [program.load(32, program.parameter(0), 0), slot]));
  expect(`\n${disassemble(module.build("program").instructions)}`).toMatchInlineSnapshot(`
    "
       0: r1 = *(u32 *)(r1 + 0)
       1: r2 = r10
       2: r2 += -24
       3: call pc+1
       4: exit
       5: r3 = *(u64 *)(r2 + 16)
       6: w1 &= 7
       7: r0 = r2
       8: r0 += r1
       9: *(u8 *)(r0 + 0) = 1
      10: *(u8 *)(r2 + 8) = 2
      11: r0 = r3
      12: r0 += r1
      13: *(u8 *)(r0 + 0) = 1
      14: *(u8 *)(r3 + 8) = 2
      15: r0 = 0
      16: exit
    "
  `);
});
