import type { BtfType } from "../btf/type.ts";
import { wideImmediate } from "../disassemble.ts";
import type { Width } from "../form.ts";
import type { Instruction } from "../instruction.ts";
import { ObjectError } from "../object-error.ts";
import { formFor, formOf } from "../opcodes.ts";
import type { Answer } from "./question.ts";

const LARGEST_OFFSET = 0x7fff;

/**
 * Puts a number in the place of the compiler's: an immediate, an offset, or both halves of a 64-bit load. A load or store gets the
 * width of the kernel's field, where that keeps its meaning.
 *
 * @returns false when it does not: the instruction must not be reached then.
 * @throws {ObjectError} when the instruction does not hold what it should, or has no place for the number
 */
export function patch(instructions: Instruction[], slot: number, local: Answer, answer: Answer): boolean {
  const instruction = instructions[slot];
  const effect = instruction && formOf(instruction)?.effect;
  if (instruction === undefined || effect === undefined) throw new ObjectError(`there is no instruction ${slot}`);
  const expect = (held: bigint): void => {
    if (!local.isCertain || held === local.value) return;
    throw new ObjectError(
      `instruction ${slot} holds ${held}, where its CO-RE relocation takes ${local.value} for given`,
    );
  };
  if (effect.kind === "alu" && effect.operand === "immediate") {
    expect(unwrapped(BigInt(instruction.immediate), local.value, 32));
    instructions[slot] = { ...instruction, immediate: Number(BigInt.asIntN(32, answer.value)) };
    return true;
  }
  if (effect.kind === "load64" && effect.of === "constant") {
    const next = instructions[slot + 1];
    if (next === undefined) throw new ObjectError(`instruction ${slot} is half of a 64-bit load at the program's end`);
    expect(unwrapped(wideImmediate(instruction, next), local.value, 64));
    instructions[slot] = { ...instruction, immediate: Number(BigInt.asIntN(32, answer.value)) };
    instructions[slot + 1] = { ...next, immediate: Number(BigInt.asIntN(32, answer.value >> 32n)) };
    return true;
  }
  if (effect.kind === "load" || effect.kind === "store") {
    expect(BigInt(instruction.offset));
    if (answer.value > LARGEST_OFFSET) {
      throw new ObjectError(`instruction ${slot} cannot reach a field at ${answer.value}: offsets have 16 bits`);
    }
    if (!canAdjust(local, answer)) return false;
    const width = local.accessSize === answer.accessSize ? effect.width : widthOf(answer.accessSize);
    // Signed loads have no 64-bit form; canAdjust lets only unsigned ones change their width.
    const opcode = width === effect.width ? instruction.opcode : formFor({ ...effect, width }).opcode;
    instructions[slot] = { ...instruction, opcode, offset: Number(answer.value) };
    return true;
  }
  throw new ObjectError(`instruction ${slot} has no place for the number of a CO-RE relocation`);
}

/** A signed immediate as the number that it stands for, when that is the expected one. */
function unwrapped(immediate: bigint, expected: bigint, bits: number): bigint {
  return immediate === BigInt.asIntN(bits, expected) ? expected : immediate;
}

/** Pointers are read whole whatever their size, and an unsigned integer of another width is the same number. */
function canAdjust(local: Answer, answer: Answer): boolean {
  if (local.accessSize === undefined || answer.accessSize === undefined || local.accessSize === answer.accessSize) {
    return true;
  }
  const both = [local.accessType, answer.accessType];
  return both.every((type) => type?.kind === "pointer") || both.every(isUnsigned);
}

function isUnsigned(type: BtfType | undefined): boolean {
  return type?.kind === "int" && type.encoding !== "signed";
}

function widthOf(bytes: number | undefined): Width {
  const bits = (bytes ?? 0) * 8;
  if (bits === 8 || bits === 16 || bits === 32 || bits === 64) return bits;
  throw new ObjectError(`no load or store has ${bytes} bytes`);
}
