import { disassemble } from "@weir/bytecode";
import { expect, test } from "vitest";
import { ModuleBuilder } from "../../src/index.ts";
import { constant32 } from "../dump.ts";

const BPF_LOOP = 181;
const BPF_KTIME = 5;

/** A program that has a helper call `turn`, which takes so many bytes of stack. */
function looping(bytes: number): ModuleBuilder {
  const module = new ModuleBuilder();
  const turn = module.function("turn", { parameters: 2 });
  const slot = turn.stackSlot(bytes, 8);
  turn.store(64, slot, 0, turn.callHelper(BPF_KTIME, []));
  turn.callHelper(BPF_KTIME, [slot]);
  turn.return(constant32(turn, 0));
  const program = module.function("program", { parameters: 1 });
  const none = program.constant(64, 0n);
  program.callHelper(BPF_LOOP, [program.constant(64, 3n), program.functionAddress("turn"), none, none]);
  program.return(constant32(program, 2));
  return module;
}

test("a function whose address is taken stands behind the program, and is reached by its distance", () => {
  const { instructions, functions } = looping(8).build("program", { verify: true });
  expect(disassemble(instructions)).toContain("1: r2 = function[+6] ll");
  expect(functions).toEqual([
    { slot: 0, name: "program" },
    { slot: 8, name: "turn" },
  ]);
});

test("what it calls of the kernel is the program's", () => {
  const calls = looping(8).kernelCalls("program");
  expect(calls.map(({ callee }) => callee)).toEqual([BPF_LOOP, BPF_KTIME, BPF_KTIME]);
});

test("its stack is there beside the program's", () => {
  expect(() => looping(488).build("program")).toThrow("program needs 544 bytes of stack at once");
});
