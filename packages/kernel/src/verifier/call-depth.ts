import { formOf, type ProgramSpec } from "@weir/bytecode";

/** The call at the end of the way through the program's functions that needs the most stack; undefined when none is called. */
export function deepestCall(program: ProgramSpec): number | undefined {
  return deepest(program, 0, []).call;
}

interface Depth {
  /** Bytes. */
  readonly bytes: number;
  readonly call: number | undefined;
}

/** `callers`: where the functions begin that are being called. A verifier that came this far has refused recursion. */
function deepest(program: ProgramSpec, start: number, callers: readonly number[]): Depth {
  const { end, calls, bytes } = functionAt(program, start);
  let found: Depth = { bytes, call: undefined };
  for (const { slot, callee } of calls) {
    if (callee === start || callee >= program.instructions.length || callers.includes(callee)) continue;
    const inner = deepest(program, callee, [...callers, start]);
    if (bytes + inner.bytes > found.bytes || found.call === undefined) {
      found = { bytes: bytes + inner.bytes, call: inner.call ?? slot };
    }
  }
  return end > start ? found : { bytes: 0, call: undefined };
}

function functionAt(program: ProgramSpec, start: number) {
  const end = program.functions.find(({ slot }) => slot > start)?.slot ?? program.instructions.length;
  const calls: { slot: number; callee: number }[] = [];
  let lowest = 0;
  for (const [index, instruction] of program.instructions.slice(start, end).entries()) {
    const slot = start + index;
    const effect = formOf(instruction)?.effect;
    if (effect?.kind === "call" && effect.target === "function") {
      calls.push({ slot, callee: slot + 1 + instruction.immediate });
    }
    lowest = Math.min(lowest, lowestByte(program, slot));
  }
  return { end, calls, bytes: -lowest };
}

const FRAME_POINTER = 10;

/** The lowest byte of the stack that an instruction names, counted from the frame pointer. */
function lowestByte({ instructions }: ProgramSpec, slot: number): number {
  const instruction = instructions[slot];
  const effect = instruction && formOf(instruction)?.effect;
  if (instruction === undefined) return 0;
  if (effect?.kind === "load" && instruction.source === FRAME_POINTER) return instruction.offset;
  if (effect?.kind === "store" && instruction.destination === FRAME_POINTER) return instruction.offset;
  if (effect?.kind !== "alu" || effect.operation !== "add" || effect.operand !== "immediate") return 0;
  // `r2 = r10`, `r2 += -16`: an address on the stack.
  const copy = instructions
    .slice(Math.max(0, slot - NEAR), slot)
    .findLast((candidate) => candidate.destination === instruction.destination);
  const isAddress = copy?.source === FRAME_POINTER && formOf(copy)?.name === "alu mov 64 register";
  return isAddress ? instruction.immediate : 0;
}

/** How far compilers leave the two instructions apart that make an address. */
const NEAR = 8;
