import { exit, goto, load, store } from "../assemble.ts";
import type { Instruction } from "../instruction.ts";
import { formOf } from "../opcodes.ts";
import { lowest } from "../stack-use.ts";
import type { FunctionCode } from "./function-code.ts";
import { isNeededBehind } from "./needed-behind.ts";

const FRAME_POINTER = 10;
/** The first register that a call leaves as it is. */
const FIRST_KEPT = 6;
/** The verifier keeps the stack in slots of 8 bytes. */
const SLOT = 8;
const FURTHEST = 0x7fff;

/**
 * Functions in the place of the calls of them: a call itself takes several nanoseconds. Their part of the stack lies below that of the caller, where
 * they follow each other, and has what the caller needs of registers that they change.
 *
 * @returns undefined where that cannot be: none is called, one does something else with the frame pointer, or a jump over them would be too long
 */
export function inlineCalls(caller: FunctionCode, callees: readonly FunctionCode[]): FunctionCode | undefined {
  const byName = new Map(callees.map((callee) => [callee.name, callee]));
  const calls = [...caller.uses].filter(([, name]) => byName.has(name)).toSorted(([one], [other]) => one - other);
  if (calls.length === 0) return undefined;
  const depth = depthOf(caller.instructions);
  const bodies = new Map<number, Body>();
  for (const [slot, name] of calls) {
    const callee = byName.get(name);
    const body = callee && bodyAt(slot, caller.instructions, depth, callee);
    if (body === undefined) return undefined;
    bodies.set(slot, body);
  }
  const moved = movedBy(bodies);
  const around = caller.instructions.map((instruction, slot) => {
    const distance = distanceOf(instruction);
    if (distance === undefined) return instruction;
    const offset = moved(slot + 1 + distance) - moved(slot) - 1;
    return Math.abs(offset) > FURTHEST ? undefined : { ...instruction, offset };
  });
  if (around.includes(undefined)) return undefined;
  const inside = <Item extends { readonly slot: number }>(
    own: readonly Item[],
    added: (callee: FunctionCode) => readonly Item[],
  ): Item[] =>
    [
      ...own.map((item) => ({ ...item, slot: moved(item.slot) })),
      ...[...bodies].flatMap(([call, { callee, kept }]) =>
        added(callee).map((item) => ({ ...item, slot: moved(call) + kept + item.slot })),
      ),
    ].toSorted((one, other) => one.slot - other.slot);
  const usesOf = ({ uses }: FunctionCode) => [...uses].map(([slot, name]) => ({ slot, name }));
  return {
    ...caller,
    instructions: around.flatMap((instruction, slot) => bodies.get(slot)?.instructions ?? instruction ?? []),
    references: inside(caller.references, ({ references }) => references),
    lines: atEachSlotOnce(inside(caller.lines, ({ lines }) => lines)),
    uses: new Map(
      inside(
        usesOf(caller).filter(({ slot }) => !bodies.has(slot)),
        usesOf,
      ).map(({ slot, name }) => [slot, name]),
    ),
  };
}

/** Where a slot of the caller lies when bodies stand in the place of calls. */
function movedBy(bodies: ReadonlyMap<number, Body>): (slot: number) => number {
  const grown = [...bodies].map(([call, { instructions }]) => [call, instructions.length - 1] as const);
  return (slot) => grown.reduce((moved, [call, more]) => moved + (call < slot ? more : 0), slot);
}

/** What stands in the place of a call. */
interface Body {
  readonly callee: FunctionCode;
  readonly instructions: readonly Instruction[];
  /** So many registers are kept, by an instruction each, before those of the function, and brought back behind them. */
  readonly kept: number;
}

/** The instructions of a function without their ends, with their part of the stack below that of the caller. @param depth bytes of that */
function bodyAt(call: number, caller: readonly Instruction[], depth: number, callee: FunctionCode): Body | undefined {
  const { instructions } = callee;
  const body: Instruction[] = [];
  for (const [slot, instruction] of instructions.entries()) {
    const lowered = onStack(instruction, instructions[slot - 1], instructions[slot + 1], depth);
    if (lowered === undefined) return undefined;
    const left = instructions.length - slot - 1;
    if (left > FURTHEST) return undefined;
    body.push(instruction.opcode === exit().opcode ? goto(left) : lowered);
  }
  const kept = keptRegisters(instructions).filter((register) => isNeededBehind(caller, call, register));
  const below = depth + depthOf(instructions);
  const place = (index: number): number => -(below + SLOT * (index + 1));
  return {
    callee,
    instructions: [
      ...kept.map((register, index) => store(64, FRAME_POINTER, place(index), { register })),
      ...body,
      ...kept.map((register, index) => load(64, register, FRAME_POINTER, place(index))),
    ],
    kept: kept.length,
  };
}

/** Bytes of its stack that a function uses. */
const depthOf = (instructions: readonly Instruction[]): number =>
  Math.ceil(lowest(instructions, { name: "", start: 0, end: instructions.length }) / SLOT) * SLOT;

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

/** The registers that a function changes, and that a call would leave as they are. */
function keptRegisters(instructions: readonly Instruction[]): readonly number[] {
  const changed = new Set(instructions.map(({ destination }) => destination));
  return [...changed].filter((register) => register >= FIRST_KEPT && register < FRAME_POINTER).toSorted();
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
