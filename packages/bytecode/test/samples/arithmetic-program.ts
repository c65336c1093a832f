import { alu, exit, type Form, forms, type Instruction, jump, load, store } from "@weir/bytecode";
import fc from "fast-check";
import { instructionOf } from "./instructions.ts";

/** Bytes of the packet that a program reads: a 64-bit value for each of its registers. */
export const PACKET_SIZE = 64;

const registers = [0, 2, 3, 4, 5, 6, 7, 8];
const register = fc.constantFrom(...registers);

/** Arithmetic that Linux 6.1 knows. */
function isArithmetic({ effect }: Form): boolean {
  if (effect.kind === "alu") return effect.operation !== "sdiv" && effect.operation !== "smod";
  return effect.kind === "negate" || (effect.kind === "byte-order" && effect.to !== "other");
}

/** The form with registers of ours, as the verifier takes it: it refuses immediate zero divisors and shifts beyond the width. */
function acceptable(form: Form): fc.Arbitrary<Instruction> {
  return fc.tuple(instructionOf(form), register, register).map(([instruction, destination, source]) => {
    const { effect } = form;
    const moved = { ...instruction, destination, ...(form.operands.includes("source") ? { source } : {}) };
    if (effect.kind !== "alu" || effect.operand === "register") return moved;
    if (effect.operation === "div" || effect.operation === "mod") return { ...moved, immediate: moved.immediate || 3 };
    const isShift = effect.operation === "shl" || effect.operation === "shr" || effect.operation === "sar";
    return isShift ? { ...moved, immediate: moved.immediate & (effect.width - 1) } : moved;
  });
}

const calculation = fc.constantFrom(...forms.filter(isArithmetic)).chain(acceptable);

const conditionalCalculation = fc
  .tuple(fc.constantFrom(...forms.filter(({ effect }) => effect.kind === "jump")).chain(acceptable), calculation)
  .map(([condition, skipped]) => [{ ...condition, offset: 1 }, skipped]);

/**
 * Stores a register, changes the memory atomically, and loads it back. A byte is stored once more between, after which the verifier does not know what
 * is there: that of Linux 6.18 takes out code that runs where it knows what an atomic instruction fetches from the stack.
 */
const atomicChange = fc
  .tuple(fc.constantFrom(...forms.filter(({ effect }) => effect.kind === "atomic")), register, register, register)
  .map(([{ opcode, fixed }, stored, source, loaded]) => [
    store(64, 10, -8, { register: stored }),
    store(8, 10, -6, { register: stored }),
    { opcode, destination: 10, source, offset: -8, immediate: fixed.immediate ?? 0 },
    load(64, loaded, 10, -8),
  ]);

/** Reads all registers from the packet, calculates with them, and returns 32 bits to which each of them adds. */
export const arithmeticProgram: fc.Arbitrary<Instruction[]> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: calculation.map((instruction) => [instruction]) },
      { weight: 2, arbitrary: conditionalCalculation },
      { weight: 1, arbitrary: atomicChange },
    ),
    { minLength: 10, maxLength: 40 },
  )
  .map((steps) => [
    load(32, 9, 1, 0),
    load(32, 1, 1, 4),
    alu("mov", 64, 2, { register: 9 }),
    alu("add", 64, 2, PACKET_SIZE),
    jump("ule", 64, 2, { register: 1 }, 2),
    alu("mov", 64, 0, 0),
    exit(),
    ...registers.map((destination, index) => load(64, destination, 9, index * 8)),
    ...steps.flat(),
    ...registers.slice(1).map((source) => alu("xor", 64, 0, { register: source })),
    alu("mov", 64, 1, { register: 0 }),
    alu("shr", 64, 1, 32),
    alu("xor", 32, 0, { register: 1 }),
    exit(),
  ]);
