import { alu, callFunction, exit, goto, invalidInstructions, jump, load, loadImmediate64 } from "@weir/bytecode";
import { expect, test } from "vitest";

const end = [alu("mov", 64, 0, 2), exit()];

test("a program of valid instructions has none", () => {
  expect(invalidInstructions([...loadImmediate64(1, 5n), jump("eq", 64, 1, 5, 1), goto(0), ...end])).toEqual([]);
});

test.each([
  ["a jump out of the program", [goto(5), ...end], 0, "goes to slot 6; the program has 3"],
  ["a call before the program", [callFunction(-9), ...end], 0, "goes to slot -8"],
  ["a jump into a 64-bit load", [goto(1), ...loadImmediate64(1, 5n), ...end], 0, "the second half of a 64-bit load"],
  ["a write to the frame pointer", [alu("add", 64, 10, 1), ...end], 0, "writes r10"],
  ["a register that does not exist", [load(32, 1, 11, 0), ...end], 0, "uses r11"],
  ["half of a 64-bit load", [...end, loadImmediate64(1, 5n)[0]], 2, "half of a 64-bit load"],
  ["a second half that is something else", [loadImmediate64(1, 5n)[0], ...end], 1, "second half"],
  ["an unknown opcode", [{ ...exit(), opcode: 0xff }, ...end], 0, "opcode 0xff"],
])("finds %s", (_, instructions, slot, problem) => {
  expect(invalidInstructions(instructions)).toEqual([{ slot, problem: expect.stringContaining(problem) }]);
});
