import { parseBtf } from "./btf/index.ts";
import { type FunctionRange, functionsOf, functionTarget } from "./elf/functions.ts";
import type { Instruction } from "./instruction.ts";
import { formOf } from "./opcodes.ts";
import type { ProgramSpec } from "./spec.ts";

/** What a function takes of the 512 bytes of stack that a program has. */
export interface FunctionStack {
  readonly name: string;
  /** Instruction slots from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  /** Bytes that the function itself uses, in whole 8s. */
  readonly bytes: number;
  /** Bytes of the function and the deepest chain of calls below it; the kernel counts each function in whole 16s. */
  readonly deepest: number;
  /** Functions of the program that it calls. */
  readonly calls: readonly string[];
}

/** The verifier keeps the stack in slots of 8 bytes. */
const SLOT = 8;
/** To what the kernel rounds the stack of each function up, when it compiles the program. */
const FRAME = 16;
const FRAME_POINTER = 10;

/**
 * The stack that each function of a program uses, as far as its code tells: the lowest address that it makes of the frame pointer.
 *
 * @example
 * ```ts
 * for (const program of monitor.programs.values()) console.log(stackUse(program, monitor.btf)[0]?.deepest);
 * ```
 * @param types the object's BTF section, for the names of functions
 */
export function stackUse(program: ProgramSpec, types: Uint8Array | undefined): FunctionStack[] {
  const ranges = functionsOf(program, types && parseBtf(types));
  const byStart = new Map(ranges.map((range) => [range.start, range]));
  const calls = new Map(
    ranges.map((range) => [range, new Set(targets(program, range).flatMap((at) => byStart.get(at) ?? []))]),
  );
  const own = new Map(ranges.map((range) => [range, lowest(program.instructions, range)]));
  const deepest = (range: FunctionRange, above: readonly FunctionRange[]): number => {
    // The kernel refuses recursion; a program that has some is not followed around.
    if (above.includes(range)) return 0;
    const below = [...(calls.get(range) ?? [])].map((called) => deepest(called, [...above, range]));
    return Math.ceil((own.get(range) ?? 0) / FRAME) * FRAME + Math.max(0, ...below);
  };
  return ranges.map((range) => ({
    ...range,
    bytes: own.get(range) ?? 0,
    deepest: deepest(range, []),
    calls: [...(calls.get(range) ?? [])].map(({ name }) => name),
  }));
}

/** Where the functions begin that a function calls, or takes the address of. */
function targets({ instructions }: ProgramSpec, { start, end }: FunctionRange): number[] {
  return instructions
    .slice(start, end)
    .flatMap((instruction, index) => functionTarget(instruction, start + index) ?? []);
}

/** How far below the frame pointer a function reaches: through it, and through copies of it that a constant was added to. */
export function lowest(instructions: readonly Instruction[], { start, end }: FunctionRange): number {
  let depth = 0;
  let copies = new Map<number, number>([[FRAME_POINTER, 0]]);
  const reach = (offset: number) => {
    depth = Math.max(depth, -offset);
  };
  for (let slot = start; slot < end; slot += 1) {
    const instruction = instructions[slot];
    const effect = instruction && formOf(instruction)?.effect;
    if (instruction === undefined || effect === undefined) continue;
    const { destination, source, offset, immediate } = instruction;
    const from = copies.get(source);
    const to = copies.get(destination);
    switch (effect.kind) {
      case "alu": {
        const isCopy = effect.operation === "mov" && effect.operand === "register" && effect.width === 64;
        const isSum = effect.operation === "add" && effect.operand === "immediate" && effect.width === 64;
        if (isCopy && from !== undefined) copies.set(destination, from);
        else if (isSum && to !== undefined) {
          copies.set(destination, to + immediate);
          reach(to + immediate);
        } else copies.delete(destination);
        break;
      }
      case "load":
        if (from !== undefined) reach(from + offset);
        copies.delete(destination);
        break;
      case "store":
      case "atomic":
        if (to !== undefined) reach(to + offset);
        break;
      case "call":
        for (let register = 0; register <= 5; register += 1) copies.delete(register);
        break;
      case "exit":
      case "goto":
        // What follows is reached from elsewhere.
        copies = new Map([[FRAME_POINTER, 0]]);
        break;
      case "jump":
        break;
      default:
        copies.delete(destination);
    }
  }
  return Math.ceil(depth / SLOT) * SLOT;
}
