import type { Instruction } from "./instruction.ts";
import { formOf, WIDE_LOAD } from "./opcodes.ts";

/** An instruction that the kernel would refuse whatever surrounds it. */
export interface InvalidInstruction {
  readonly slot: number;
  readonly problem: string;
}

/** r10, the address of the stack frame, can be read only. */
const FRAME_POINTER = 10;

/**
 * The instructions that are none: unknown opcodes, fields in use that must be 0, registers that do not exist, jumps out of the
 * program or into the middle of a 64-bit load. What the verifier finds by following the program's flow is not looked for.
 *
 * @example
 * ```ts
 * invalidInstructions([goto(5)]); // [{ slot: 0, problem: "goes to slot 6; the program has 1" }]
 * ```
 */
export function invalidInstructions(instructions: readonly Instruction[]): InvalidInstruction[] {
  const seconds = new Set(
    instructions.flatMap((instruction, slot) => (instruction.opcode === WIDE_LOAD ? [slot + 1] : [])),
  );
  return instructions.flatMap((instruction, slot) => {
    const problem = seconds.has(slot)
      ? problemOfSecond(instruction)
      : problemOf(instruction, slot, instructions.length, seconds);
    return problem === undefined ? [] : [{ slot, problem }];
  });
}

/** The second slot of a 64-bit load holds nothing but the upper half of the value. */
function problemOfSecond({ opcode, destination, source, offset }: Instruction): string | undefined {
  return opcode | destination | source | offset ? "is the second half of a 64-bit load, and not empty" : undefined;
}

function problemOf(
  instruction: Instruction,
  slot: number,
  length: number,
  seconds: ReadonlySet<number>,
): string | undefined {
  const form = formOf(instruction);
  if (form === undefined) return `is no eBPF instruction (opcode 0x${instruction.opcode.toString(16)})`;
  if (instruction.opcode === WIDE_LOAD && slot + 1 === length) return "is half of a 64-bit load at the program's end";
  const { effect } = form;
  const writesDestination = effect.kind !== "store" && effect.kind !== "atomic" && effect.kind !== "jump";
  if (form.operands.includes("destination")) {
    if (instruction.destination > FRAME_POINTER) return `uses r${instruction.destination}, which does not exist`;
    if (writesDestination && instruction.destination === FRAME_POINTER) return "writes r10, which can be read only";
  }
  if (form.operands.includes("source") && instruction.source > FRAME_POINTER) {
    return `uses r${instruction.source}, which does not exist`;
  }
  const isJump = effect.kind === "jump" || effect.kind === "goto";
  const isCall = effect.kind === "call" && effect.target === "function";
  if (!isJump && !isCall) return undefined;
  const distance = isCall || (effect.kind === "goto" && effect.distance === "immediate") ? "immediate" : "offset";
  const target = slot + 1 + instruction[distance];
  if (target < 0 || target >= length) return `goes to slot ${target}; the program has ${length}`;
  return seconds.has(target) ? `goes to slot ${target}, the second half of a 64-bit load` : undefined;
}
