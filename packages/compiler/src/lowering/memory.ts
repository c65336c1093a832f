import type { Layout, StructLayout } from "@weir/bytecode/layout";
import type { FunctionBuilder, Value, Width } from "@weir/codegen";
import { isScalar, type KernelType, type ScalarType } from "../types/kernel-type.ts";
import type { MemoryPlace, RecordPlace } from "./place.ts";
import { type ScalarField, scalarFields } from "./scalar-layout.ts";

/** Bits of a register that holds a scalar. */
export const registerWidth = ({ bits }: ScalarType): 32 | 64 => (bits === 64 ? 64 : 32);

/** Bits of a register that holds a value: booleans take 32, addresses 64. */
export function valueWidth(type: KernelType): 32 | 64 {
  if (isScalar(type)) return registerWidth(type);
  return type.kind === "boolean" ? 32 : 64;
}

/** Reads a scalar. In a register a narrow one has its sign, or zeros, above. */
export function loadScalar(builder: FunctionBuilder, place: RecordPlace, offset: number, type: ScalarType): Value {
  const from = place.offset + offset;
  if (place.kind === "memory") {
    const value = isAligned(place, from, type)
      ? builder.load(type.bits, place.address, from)
      : loadInPieces(builder, place, from, type);
    return type.signed && type.bits < 32 ? builder.signExtend(value, narrow(type), 32) : value;
  }
  const field = place.fields.get(from);
  if (field === undefined) throw new Error(`a record has no field ${from} bytes into it`);
  return builder.read(field.variable);
}

export function storeScalar(
  builder: FunctionBuilder,
  place: RecordPlace,
  offset: number,
  type: ScalarType,
  value: Value,
): void {
  const to = place.offset + offset;
  if (place.kind === "memory") {
    if (isAligned(place, to, type)) builder.store(type.bits, place.address, to, value);
    else storeInPieces(builder, place, to, type, value);
    return;
  }
  const field = place.fields.get(to);
  if (field === undefined) throw new Error(`a record has no field ${to} bytes into it`);
  builder.write(field.variable, value);
}

/** A scalar that is narrower than a register. */
const narrow = ({ bits }: ScalarType): 8 | 16 | 32 => (bits === 64 ? 32 : bits);

/** New variables for the scalars of a record. */
export function newFields(builder: FunctionBuilder, layout: StructLayout): RecordPlace {
  const fields = new Map(
    scalarFields(layout).map(({ offset, type }) => [offset, { type, variable: builder.variable(registerWidth(type)) }]),
  );
  return { kind: "fields", fields, offset: 0 };
}

/** New memory on the stack for a layout, aligned so that padding can be written together with the field before it. */
export function newSlot(builder: FunctionBuilder, layout: Layout): MemoryPlace {
  const alignment = layout.size >= 8 ? 8 : 4;
  return { kind: "memory", address: builder.stackSlot(layout.size, alignment), offset: 0, alignment };
}

/**
 * Writes every scalar of a new record to memory, and 0 to all bytes between them: in a map key they count.
 *
 * @param valueFor undefined for what is written already
 */
export function storeWhole(
  builder: FunctionBuilder,
  place: MemoryPlace,
  layout: Layout,
  valueFor: (field: ScalarField) => Value | undefined,
): void {
  const { address } = place;
  const fields = scalarFields(layout);
  for (const [index, field] of fields.entries()) {
    const next = fields[index + 1]?.offset ?? layout.size;
    const width = widened(field, next);
    const value = valueFor(field);
    const { bits } = field.type;
    if (value === undefined) {
      clear(builder, address, field.offset + bits / 8, next);
      continue;
    }
    if (field.offset % (bits / 8) !== 0) {
      storeInPieces(builder, place, field.offset, field.type, value);
    } else if (width === bits || bits === 64) {
      builder.store(bits, address, field.offset, value);
    } else {
      builder.store(width, address, field.offset, builder.zeroExtend(value, bits, width === 64 ? 64 : 32));
    }
    clear(builder, address, field.offset + width / 8, next);
  }
}

/** Whether one access reaches a scalar: always, except on the stack. */
export function isAligned(
  { alignment }: Pick<MemoryPlace, "alignment">,
  offset: number,
  { bits }: Pick<ScalarType, "bits">,
): boolean {
  return alignment === undefined || (bits / 8 <= alignment && offset % (bits / 8) === 0);
}

const WIDTHS: readonly Width[] = [64, 32, 16, 8];

/** Accesses from one offset to another, each as wide as reaches all places, and at a multiple of its size where one of them must be aligned. */
export function* widestAccesses(
  start: number,
  end: number,
  ...places: readonly Pick<MemoryPlace, "offset" | "alignment">[]
): Generator<{ readonly at: number; readonly width: Width }> {
  for (let at = start; at < end; ) {
    const reaches = (bits: Width): boolean =>
      at + bits / 8 <= end && places.every((place) => isAligned(place, place.offset + at, { bits }));
    const width = WIDTHS.find(reaches) ?? 8;
    yield { at, width };
    at += width / 8;
  }
}

/** A field of a packed record on the stack that is not aligned. */
function loadInPieces(builder: FunctionBuilder, place: MemoryPlace, offset: number, type: ScalarType): Value {
  const width = registerWidth(type);
  let value = builder.constant(width, 0n);
  for (const { at, shift, bits } of pieces(place, offset, type)) {
    const part = builder.load(bits, place.address, at);
    const wide = width === 64 ? builder.zeroExtend(part, 32, 64) : part;
    value = builder.binary("or", width, value, builder.binary("shl", width, wide, builder.constant(width, shift)));
  }
  return value;
}

function storeInPieces(
  builder: FunctionBuilder,
  place: MemoryPlace,
  offset: number,
  type: ScalarType,
  value: Value,
): void {
  const width = registerWidth(type);
  for (const { at, shift, bits } of pieces(place, offset, type)) {
    const part = builder.binary("shr", width, value, builder.constant(width, shift));
    builder.store(bits, place.address, at, builder.truncate(part, 32));
  }
}

const PIECES: readonly Width[] = [32, 16, 8];

/** The aligned parts of a scalar that is not aligned. */
function* pieces({ alignment = 8 }: MemoryPlace, offset: number, type: ScalarType) {
  for (let done = 0; done < type.bits; ) {
    const at = offset + done / 8;
    const fits = (bits: number) => bits / 8 <= alignment && at % (bits / 8) === 0 && done + bits <= type.bits;
    const bits = PIECES.find(fits) ?? 8;
    yield { at, shift: BigInt(done), bits };
    done += bits;
  }
}

/** The widest store at a field's place that ends before the next field. */
function widened({ offset, type }: ScalarField, next: number): Width {
  const widths: readonly Width[] = [64, 32, 16];
  const fitting = widths.find((width) => offset % (width / 8) === 0 && offset + width / 8 <= next);
  return fitting !== undefined && fitting > type.bits ? fitting : type.bits;
}

function clear(builder: FunctionBuilder, address: Value, from: number, to: number): void {
  for (const { at, width } of widestAccesses(from, to, { offset: 0, alignment: 8 })) {
    builder.store(width, address, at, builder.constant(width === 64 ? 64 : 32, 0n));
  }
}
