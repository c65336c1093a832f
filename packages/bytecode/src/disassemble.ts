import type { Form } from "./form.ts";
import { helperName } from "./helpers/number.ts";
import type { Instruction } from "./instruction.ts";
import { formOf, WIDE_LOAD } from "./opcodes.ts";

/** What is written beside the instructions. */
export interface DisassembleOptions {
  /** Text behind the instruction of a slot, such as the name of the map or config that it refers to. */
  readonly notes?: ReadonlyMap<number, string>;
  /** Lines before a slot, such as the source line that it comes from. */
  readonly headings?: ReadonlyMap<number, readonly string[]>;
}

/**
 * The instructions as text, in the style of the verifier and of llvm-objdump, a line for each.
 *
 * @example
 * ```ts
 * disassemble([load(32, 1, 1, 4), jump("ugt", 64, 1, { register: 2 }, 5), callHelper(1)]);
 * //    0: r1 = *(u32 *)(r1 + 4)
 * //    1: if r1 > r2 goto +5
 * //    2: call bpf_map_lookup_elem#1
 * ```
 */
export function disassemble(instructions: readonly Instruction[], options: DisassembleOptions = {}): string {
  const lines: string[] = [];
  for (const [slot, instruction] of instructions.entries()) {
    // Only where it is the second half of the load before: as an instruction of its own, 0 is none.
    if (instruction.opcode === 0 && instructions[slot - 1]?.opcode === WIDE_LOAD) continue;
    for (const heading of options.headings?.get(slot) ?? []) lines.push(`; ${heading}`);
    const note = options.notes?.get(slot);
    const text = disassembleOne(instruction, instructions[slot + 1]);
    lines.push(`${String(slot).padStart(4)}: ${text}${note === undefined ? "" : ` ; ${note}`}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** One instruction as text; `next` is the second half of a 64-bit load. */
export function disassembleOne(instruction: Instruction, next?: Instruction): string {
  const form = formOf(instruction);
  if (form === undefined) return `invalid 0x${instruction.opcode.toString(16).padStart(2, "0")}`;
  return form.text.replaceAll(/\{(\w+)(?::(\w+))?\}/g, (_, field: string, style: string | undefined) =>
    show(form, instruction, next, field, style),
  );
}

function show(
  form: Form,
  instruction: Instruction,
  next: Instruction | undefined,
  field: string,
  style: string | undefined,
): string {
  if (field === "next") return String(next?.immediate ?? 0);
  const operand = form.operands.find((candidate) => candidate === field);
  if (operand === undefined) throw new RangeError(`form "${form.name}" shows "${field}", which is no operand of it`);
  const value = instruction[operand];
  switch (style) {
    case "r":
    case "w":
      return `${style}${value}`;
    case "jump":
      return value < 0 ? `${value}` : `+${value}`;
    case "sum":
      return value < 0 ? `- ${-value}` : `+ ${value}`;
    case "helper":
      return `${helperName(value) ?? "unknown"}#${value}`;
    case "wide":
      return String(wideImmediate(instruction, next));
    default:
      return String(value);
  }
}

/** The signed value of both halves of a 64-bit load. */
export function wideImmediate(first: Instruction, second: Instruction | undefined): bigint {
  return (BigInt(second?.immediate ?? 0) << 32n) | BigInt.asUintN(32, BigInt(first.immediate));
}
