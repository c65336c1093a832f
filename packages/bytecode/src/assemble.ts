import type { AluOperation, AtomicOperation, Comparison, Effect, OperandField, WideConstant, Width } from "./form.ts";
import type { Instruction } from "./instruction.ts";
import { formFor } from "./opcodes.ts";

/** The right side of an instruction: an immediate, or `{ register: 3 }`. Immediates are signed 32-bit numbers. */
export type Operand = number | { readonly register: number };

function assemble(effect: Effect, operands: Partial<Record<OperandField, number>>): Instruction {
  const { opcode, fixed } = formFor(effect);
  return { opcode, destination: 0, source: 0, offset: 0, immediate: 0, ...operands, ...fixed };
}

function right(operand: Operand): { source: number } | { immediate: number } {
  return typeof operand === "number" ? { immediate: operand } : { source: operand.register };
}

function kindOf(operand: Operand): "register" | "immediate" {
  return typeof operand === "number" ? "immediate" : "register";
}

/**
 * `destination = destination operation operand`; `mov` is the plain assignment. In 32 bits the upper half becomes 0.
 *
 * @example
 * ```ts
 * alu("add", 64, 1, 14); // r1 += 14
 * alu("mov", 32, 0, { register: 2 }); // w0 = w2
 * ```
 */
export function alu(operation: AluOperation, width: 32 | 64, destination: number, operand: Operand): Instruction {
  return assemble({ kind: "alu", operation, width, operand: kindOf(operand) }, { destination, ...right(operand) });
}

/** `destination = -destination`. */
export function negate(width: 32 | 64, destination: number): Instruction {
  return assemble({ kind: "negate", width }, { destination });
}

/** `destination = source`, the lower `from` bits of it taken as a signed number. Since Linux 6.6. */
export function signExtend(from: 8 | 16 | 32, width: 32 | 64, destination: number, source: number): Instruction {
  return assemble({ kind: "sign-extend", from, width }, { destination, source });
}

/** Swaps the lower `width` bits between little and big endian and clears the rest (on the little-endian machines we run on). */
export function byteSwap(width: 16 | 32 | 64, destination: number): Instruction {
  // Not the unconditional `bswap`, which only Linux 6.6 and later know.
  return assemble({ kind: "byte-order", to: "big", width }, { destination });
}

/** `destination = *(u<width> *)(base + offset)`, zero-extended to 64 bits. */
export function load(width: Width, destination: number, base: number, offset: number): Instruction {
  return assemble({ kind: "load", width, signed: false }, { destination, source: base, offset });
}

/** `destination = *(s<width> *)(base + offset)`, sign-extended to 64 bits. Since Linux 6.6. */
export function loadSigned(width: 8 | 16 | 32, destination: number, base: number, offset: number): Instruction {
  return assemble({ kind: "load", width, signed: true }, { destination, source: base, offset });
}

/** `*(u<width> *)(base + offset) = operand`. */
export function store(width: Width, base: number, offset: number, operand: Operand): Instruction {
  return assemble({ kind: "store", width, operand: kindOf(operand) }, { destination: base, offset, ...right(operand) });
}

/**
 * Changes memory at once for all CPUs. The `fetch-` kinds and `exchange` leave the old value in `source`;
 * `compare-exchange` compares with r0 and leaves the old value there. All but `add` since Linux 5.12.
 */
export function atomic(
  operation: AtomicOperation,
  width: 32 | 64,
  base: number,
  offset: number,
  source: number,
): Instruction {
  return assemble({ kind: "atomic", operation, width }, { destination: base, offset, source });
}

/** `if left comparison operand goto offset`; offsets count slots from the next one. 32-bit comparisons since Linux 5.1. */
export function jump(
  comparison: Comparison,
  width: 32 | 64,
  left: number,
  operand: Operand,
  offset: number,
): Instruction {
  return assemble(
    { kind: "jump", comparison, width, operand: kindOf(operand) },
    { destination: left, offset, ...right(operand) },
  );
}

/** `goto offset`, as far as 16 bits reach. */
export function goto(offset: number): Instruction {
  return assemble({ kind: "goto", distance: "offset" }, { offset });
}

/** `goto distance`, as far as 32 bits reach. Since Linux 6.6. */
export function gotoLong(distance: number): Instruction {
  return assemble({ kind: "goto", distance: "immediate" }, { immediate: distance });
}

/** Calls a helper by its number (see `helperNumber`): arguments in r1 to r5, result in r0, r1 to r5 lost. */
export function callHelper(helper: number): Instruction {
  return assemble({ kind: "call", target: "helper" }, { immediate: helper });
}

/** Calls a function of this program `distance` slots from the next one; it has a stack of its own. */
export function callFunction(distance: number): Instruction {
  return assemble({ kind: "call", target: "function" }, { immediate: distance });
}

/** Calls a function of the kernel by its BTF id. Since Linux 5.13. */
export function callKernelFunction(type: number): Instruction {
  return assemble({ kind: "call", target: "kernel-function" }, { immediate: type });
}

/** Returns r0. */
export function exit(): Instruction {
  return assemble({ kind: "exit" }, {});
}

/** `destination = value`, all 64 bits of it: two slots. Signed and unsigned values are both taken. */
export function loadImmediate64(destination: number, value: bigint): readonly [Instruction, Instruction] {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  return wide("constant", destination, low, high);
}

/** `destination =` the address of a map: two slots. The loader puts the map's descriptor in. */
export function loadMapAddress(destination: number, descriptor = 0): readonly [Instruction, Instruction] {
  return wide("map", destination, descriptor, 0);
}

/** `destination =` the address of a byte of a map's only element: two slots. The loader puts the map's descriptor in. Since Linux 5.2. */
export function loadMapValueAddress(destination: number, offset: number): readonly [Instruction, Instruction] {
  return wide("map-value", destination, 0, offset);
}

/** `destination =` the address of the function `distance` slots from the next one, for helpers that call it: two slots. Since Linux 5.13. */
export function loadFunctionAddress(destination: number, distance: number): readonly [Instruction, Instruction] {
  return wide("function", destination, distance, 0);
}

function wide(of: WideConstant, destination: number, low: number, high: number): readonly [Instruction, Instruction] {
  return [
    assemble({ kind: "load64", of }, { destination, immediate: low }),
    { opcode: 0, destination: 0, source: 0, offset: 0, immediate: high },
  ];
}
