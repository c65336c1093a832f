import { exit, goto } from "../assemble.ts";
import type { Instruction } from "../instruction.ts";
import { formOf } from "../opcodes.ts";
import { lowest } from "../stack-use.ts";
import type { FunctionCode } from "./function-code.ts";

const FRAME_POINTER = 10;
/** The first register that a call leaves as it is. */
const FIRST_KEPT = 6;
/** The verifier keeps the stack in slots of 8 bytes. */
const SLOT = 8;
const FURTHEST = 0x7fff;

/**
 * A function in the place of the only call of it: the call itself takes several nanoseconds. Its part of the stack lies below that of the caller.
 *
 * @returns undefined where that cannot be: it is not called once, uses registers that the caller keeps, or a jump over it would be too long
 */
export function inlineCall(caller: FunctionCode, callee: FunctionCode): FunctionCode | undefined {
  const [call, other] = [...caller.uses].filter(([, name]) => name === callee.name);
  if (call === undefined || other !== undefined || usesKeptRegisters(callee)) return undefined;
  const [at] = call;
  const range = { name: caller.name, start: 0, end: caller.instructions.length };
  const depth = Math.ceil(lowest(caller.instructions, range) / SLOT) * SLOT;
  const body = bodyOf(callee.instructions, depth);
  if (body === undefined) return undefined;
  const moved = (slot: number): number => (slot > at ? slot + body.length - 1 : slot);
  const around = caller.instructions.map((instruction, slot) => {
    const distance = distanceOf(instruction);
    if (distance === undefined) return instruction;
    const offset = moved(slot + 1 + distance) - moved(slot) - 1;
    return Math.abs(offset) > FURTHEST ? undefined : { ...instruction, offset };
  });
  if (around.includes(undefined)) return undefined;
  const kept = around.flatMap((instruction) => instruction ?? []);
  const inside = <Item extends { readonly slot: number }>(own: readonly Item[], added: readonly Item[]): Item[] => [
    ...own.filter(({ slot }) => slot <= at),
    ...added.map((item) => ({ ...item, slot: item.slot + at })),
    ...own.filter(({ slot }) => slot > at).map((item) => ({ ...item, slot: moved(item.slot) })),
  ];
  return {
    ...caller,
    instructions: [...kept.slice(0, at), ...body, ...kept.slice(at + 1)],
    references: inside(caller.references, callee.references),
    lines: atEachSlotOnce(inside(caller.lines, callee.lines)),
    uses: new Map([
      ...[...caller.uses].flatMap(([slot, name]) => (slot === at ? [] : [[moved(slot), name] as const])),
      ...[...callee.uses].map(([slot, name]) => [slot + at, name] as const),
    ]),
  };
}

/** The instructions without their ends, with their part of the stack further down. */
function bodyOf(instructions: readonly Instruction[], depth: number): readonly Instruction[] | undefined {
  const body: Instruction[] = [];
  for (const [slot, instruction] of instructions.entries()) {
    const lowered = onStack(instruction, instructions[slot - 1], instructions[slot + 1], depth);
    if (lowered === undefined) return undefined;
    const left = instructions.length - slot - 1;
    if (left > FURTHEST) return undefined;
    body.push(instruction.opcode === exit().opcode ? goto(left) : lowered);
  }
  return body;
}

/** The same, this much further down on the stack; undefined for what does something else with the frame pointer. */
function onStack(
  instruction: Instruction,
  before: Instruction | undefined,
  after: Instruction | undefined,
  depth: number,
): Instruction | undefined {
  const effect = formOf(instruction)?.effect;
  const { source, destination, offset, immediate } = instruction;
  switch (effect?.kind) {
    case "load":
      return source === FRAME_POINTER ? { ...instruction, offset: offset - depth } : instruction;
    case "store":
    case "atomic": {
      const storesIt = !(effect.kind === "store" && effect.operand === "immediate") && source === FRAME_POINTER;
      if (storesIt) return undefined;
      return destination === FRAME_POINTER ? { ...instruction, offset: offset - depth } : instruction;
    }
    case "alu": {
      if (effect.operand === "register" && source === FRAME_POINTER) {
        return effect.operation === "mov" && isAddition(after, destination) ? instruction : undefined;
      }
      const isOfFrame = before !== undefined && isCopy(before) && before.destination === destination;
      return isOfFrame && isAddition(instruction, destination)
        ? { ...instruction, immediate: immediate - depth }
        : instruction;
    }
    default:
      return instruction;
  }
}

/** Whether an instruction copies the frame pointer. */
function isCopy(instruction: Instruction): boolean {
  const effect = formOf(instruction)?.effect;
  return (
    effect?.kind === "alu" &&
    effect.operation === "mov" &&
    effect.operand === "register" &&
    instruction.source === FRAME_POINTER
  );
}

function isAddition(instruction: Instruction | undefined, register: number): boolean {
  const effect = instruction && formOf(instruction)?.effect;
  return (
    effect?.kind === "alu" &&
    effect.operation === "add" &&
    effect.operand === "immediate" &&
    effect.width === 64 &&
    instruction?.destination === register
  );
}

function usesKeptRegisters({ instructions }: FunctionCode): boolean {
  const isKept = (register: number): boolean => register >= FIRST_KEPT && register < FRAME_POINTER;
  return instructions.some((instruction) => {
    const effect = formOf(instruction)?.effect;
    // What a call or a load of an address has in the place of a register is none.
    const isSource = effect?.kind !== "call" && effect?.kind !== "load64" && isKept(instruction.source);
    return isSource || isKept(instruction.destination);
  });
}

/** How far a jump goes. */
function distanceOf(instruction: Instruction): number | undefined {
  const effect = formOf(instruction)?.effect;
  if (effect?.kind === "jump") return instruction.offset;
  return effect?.kind === "goto" && effect.distance === "offset" ? instruction.offset : undefined;
}

/** Of several lines at a slot the last one. */
function atEachSlotOnce<Item extends { readonly slot: number }>(items: readonly Item[]): readonly Item[] {
  return items.filter(({ slot }, index) => items[index + 1]?.slot !== slot);
}
