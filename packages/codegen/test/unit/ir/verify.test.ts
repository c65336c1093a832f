import { expect, test } from "vitest";
import { IrFunction } from "../../../src/ir/function.ts";
import { verifyFunction } from "../../../src/ir/verify.ts";

/** A function whose entry jumps to a second block that returns. */
function twoBlocks() {
  const irFunction = new IrFunction("program", 1, undefined);
  const { entry } = irFunction;
  const second = irFunction.block("second");
  entry.terminator = { kind: "jump", target: second, position: undefined };
  second.predecessors.push(entry);
  second.terminator = { kind: "return", value: irFunction.constant(32, 2n), position: undefined };
  const value = irFunction.value(32, { kind: "truncate" }, [...irFunction.parameters], undefined);
  return { irFunction, entry, second, value };
}

test("takes whole IR", () => {
  const { irFunction, entry, second, value } = twoBlocks();
  entry.values.push(value);
  second.terminator = { kind: "return", value, position: undefined };
  expect(() => verifyFunction(irFunction)).not.toThrow();
});

test("finds a use before the definition", () => {
  const { irFunction, entry, second, value } = twoBlocks();
  second.values.push(value);
  const user = irFunction.value(32, { kind: "byte-swap", bits: 32 }, [value], undefined);
  entry.values.push(user);
  expect(() => verifyFunction(irFunction)).toThrow(/block entry: value \d+ is used before it is there/);
});

test("finds a use of what stands nowhere", () => {
  const { irFunction, second, value } = twoBlocks();
  second.terminator = { kind: "return", value, position: undefined };
  expect(() => verifyFunction(irFunction)).toThrow(/block second: value \d+ is used and stands nowhere/);
});

test("finds a phi with too few operands", () => {
  const { irFunction, second } = twoBlocks();
  second.phis.push(irFunction.value(32, { kind: "phi" }, [], undefined));
  expect(() => verifyFunction(irFunction)).toThrow(/phi \d+ has 0 operands for 1 ways in/);
});

test("finds operands of the wrong width", () => {
  const { irFunction, entry } = twoBlocks();
  const operands = [irFunction.constant(32, 1n), irFunction.constant(64, 1n)];
  entry.values.push(irFunction.value(32, { kind: "binary", operator: "add" }, operands, undefined));
  expect(() => verifyFunction(irFunction)).toThrow(/binary \d+ has operands of 32,64 bits, not 32,32/);
});

test("finds edges that only one side knows", () => {
  const { irFunction, second } = twoBlocks();
  second.predecessors.length = 0;
  expect(() => verifyFunction(irFunction)).toThrow("block entry: second has it 0 times as a predecessor");
});
