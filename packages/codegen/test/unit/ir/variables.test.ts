import { expect, test } from "vitest";
import { IrFunction } from "../../../src/ir/function.ts";
import { Variables } from "../../../src/ir/variables.ts";

test("in a loop that nothing leads into any more a variable is nothing", () => {
  const irFunction = new IrFunction("program", 0, undefined);
  const [one, other] = [irFunction.block("one"), irFunction.block("other")];
  one.predecessors.push(other);
  other.predecessors.push(one);
  const variables = new Variables(irFunction, "whole");
  expect(variables.read(one, variables.variable(32))).toBe(irFunction.constant(32, 0n));
});
