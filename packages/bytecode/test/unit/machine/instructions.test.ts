import {
  alu,
  atomic,
  byteSwap,
  callFunction,
  exit,
  goto,
  type Instruction,
  jump,
  load,
  loadImmediate64,
  loadSigned,
  negate,
  signExtend,
  store,
} from "@weir/bytecode";
import { Machine, MachineError } from "@weir/bytecode/machine";
import { describe, expect, test } from "vitest";

const ALL_ONES = 0xffff_ffff_ffff_ffffn;

/** r0 after `code`, with r0 = `left` and r1 = `right` before. */
function compute(left: bigint, right: bigint, ...code: Instruction[]): bigint {
  return Machine.of([...loadImmediate64(0, left), ...loadImmediate64(1, right), ...code, exit()]).run().result;
}

describe("arithmetic", () => {
  const r1 = { register: 1 };
  test.each([
    ["wraps at 64 bits", alu("add", 64, 0, r1), ALL_ONES, 2n, 1n],
    ["clears the upper half in 32 bits", alu("add", 32, 0, r1), ALL_ONES, 2n, 1n],
    ["sign-extends immediates in 64 bits", alu("mov", 64, 0, -1), 0n, 0n, ALL_ONES],
    ["does not in 32 bits", alu("mov", 32, 0, -1), 0n, 0n, 0xffff_ffffn],
    ["divides without sign", alu("div", 64, 0, r1), ALL_ONES, 2n, ALL_ONES >> 1n],
    ["gives 0 for a division by 0", alu("div", 64, 0, r1), 5n, 0n, 0n],
    ["gives the dividend for a remainder by 0", alu("mod", 64, 0, r1), 5n, 0n, 5n],
    ["gives half the dividend for it in 32 bits", alu("mod", 32, 0, r1), 0x1_0000_0005n, 0n, 5n],
    ["divides with sign towards 0", alu("sdiv", 64, 0, r1), -7n, 2n, BigInt.asUintN(64, -3n)],
    ["wraps the quotient that has no positive", alu("sdiv", 32, 0, r1), 0x8000_0000n, -1n, 0x8000_0000n],
    ["gives a remainder the sign of the dividend", alu("smod", 64, 0, r1), -7n, 2n, ALL_ONES],
    ["masks a shift by 64", alu("shl", 64, 0, r1), 1n, 65n, 2n],
    ["masks a shift by 32", alu("shr", 32, 0, r1), 4n, 33n, 2n],
    ["keeps the sign in sar", alu("sar", 64, 0, 4), -32n, 0n, BigInt.asUintN(64, -2n)],
    ["takes the sign of 32 bits in sar", alu("sar", 32, 0, 4), 0x8000_0000n, 0n, 0xf800_0000n],
    ["negates", negate(64, 0), 1n, 0n, ALL_ONES],
    ["extends a sign to 64 bits", signExtend(8, 64, 0, 1), 0n, 0x80n, BigInt.asUintN(64, -128n)],
    ["extends a sign to 32 bits", signExtend(16, 32, 0, 1), 0n, 0x8000n, 0xffff_8000n],
    ["swaps two bytes and drops the rest", byteSwap(16, 0), 0x12_3456n, 0n, 0x5634n],
    ["swaps eight bytes", byteSwap(64, 0), 1n, 0n, 1n << 56n],
  ])("%s", (_, instruction, left, right, result) => {
    expect(compute(left, right, instruction)).toBe(result);
  });
});

describe("jumps", () => {
  const taken = (instruction: Instruction, left: bigint, right: bigint): boolean =>
    compute(left, right, instruction, alu("mov", 64, 0, 0), exit(), alu("mov", 64, 0, 1)) === 1n;

  test("compare with and without sign, in 64 and in 32 bits", () => {
    const r1 = { register: 1 };

    expect(taken(jump("ugt", 64, 0, r1, 2), -1n, 1n)).toBe(true);
    expect(taken(jump("sgt", 64, 0, r1, 2), -1n, 1n)).toBe(false);
    expect(taken(jump("eq", 32, 0, r1, 2), 0x1_0000_0007n, 7n)).toBe(true);
    expect(taken(jump("eq", 64, 0, r1, 2), 0x1_0000_0007n, 7n)).toBe(false);
    expect(taken(jump("eq", 64, 0, -1, 2), -1n, 0n)).toBe(true);
    expect(taken(jump("eq", 32, 0, -1, 2), 0xffff_ffffn, 0n)).toBe(true);
    expect(taken(jump("set", 64, 0, 4, 2), 6n, 0n)).toBe(true);
  });
});

describe("memory", () => {
  test("is little-endian, and loads are zero-extended unless signed", () => {
    const on = (...code: Instruction[]): bigint =>
      compute(0x1122_3344_5566_77f8n, 0n, store(64, 10, -8, { register: 0 }), ...code);

    expect(on(load(8, 0, 10, -8))).toBe(0xf8n);
    expect(on(load(16, 0, 10, -7))).toBe(0x6677n);
    expect(on(loadSigned(8, 0, 10, -8))).toBe(BigInt.asUintN(64, -8n));
    expect(on(store(16, 10, -8, -1), load(64, 0, 10, -8))).toBe(0x1122_3344_5566_ffffn);
  });

  test("is changed atomically, with or without the old value", () => {
    const on = (...code: Instruction[]): bigint => compute(5n, 3n, store(64, 10, -8, { register: 0 }), ...code);
    const read = load(64, 0, 10, -8);

    expect(on(atomic("add", 64, 10, -8, 1), read)).toBe(8n);
    expect(on(atomic("fetch-xor", 64, 10, -8, 1), alu("mov", 64, 0, { register: 1 }))).toBe(5n);
    expect(on(atomic("exchange", 32, 10, -8, 1), read)).toBe(3n);
    expect(on(atomic("compare-exchange", 64, 10, -8, 1), read)).toBe(3n);
    expect(on(alu("mov", 64, 0, 4), atomic("compare-exchange", 64, 10, -8, 1))).toBe(5n);
  });
});

describe("calls", () => {
  test("give the function its arguments, a stack of its own, and the caller back its registers", () => {
    const code = [
      alu("mov", 64, 6, 40),
      store(64, 10, -8, 1),
      alu("mov", 64, 1, 2),
      callFunction(4),
      alu("add", 64, 0, { register: 6 }),
      load(64, 2, 10, -8),
      alu("add", 64, 0, { register: 2 }),
      exit(),
      store(64, 10, -8, 100),
      alu("mov", 64, 0, { register: 1 }),
      exit(),
    ];

    expect(Machine.of(code).run().result).toBe(43n);
  });
});

describe("a program that the verifier would refuse", () => {
  test.each([
    ["reads a register without a value", [alu("mov", 64, 0, { register: 3 }), exit()], /slot 0: r3 is read/],
    [
      "reads a register of its caller",
      [callFunction(1), exit(), alu("mov", 64, 0, { register: 6 }), exit()],
      /slot 2: r6/,
    ],
    ["returns nothing", [exit()], /r0 is read/],
    ["leaves the stack above", [store(8, 10, 0, 1), exit()], /1 byte at offset 512 of the stack is written/],
    ["leaves the stack below", [store(8, 10, -513, 1), exit()], /1 byte at offset -1 of the stack is written/],
    ["reads nowhere", [alu("mov", 64, 1, 0), load(8, 0, 1, 0), exit()], /0x0 is read, where there is no memory/],
    ["writes the context", [store(32, 1, 12, 1), exit()], /the context is written/],
    ["divides by an immediate 0", [alu("mov", 64, 0, 1), alu("mod", 64, 0, 0), exit()], /slot 1: the immediate 0/],
    [
      "shifts by too many bits",
      [alu("mov", 64, 0, 1), alu("shl", 32, 0, 32), exit()],
      /32 bits are shifted by the immediate 32/,
    ],
    ["runs off its end", [alu("mov", 64, 0, 0)], /slot 1: the program has no such slot/],
    ["does not end", [goto(-1)], /did not end after 1000 steps/],
    ["calls itself for ever", [callFunction(-1)], /more than 8 functions/],
  ])("is stopped when it %s", (_, code, message) => {
    const machine = Machine.of(code, {}, { stepLimit: 1000 });

    expect(() => machine.run()).toThrow(MachineError);
    expect(() => machine.run()).toThrow(message);
  });
});
