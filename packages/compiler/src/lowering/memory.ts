import type { Layout, StructLayout } from "@weir/bytecode/layout";
import type { FunctionBuilder, Value, Width } from "@weir/codegen";
import type { ScalarType } from "../types/kernel-type.ts";
import type { RecordPlace } from "./place.ts";
import { type ScalarField, scalarFields } from "./scalar-layout.ts";

/** Bits of a register that holds a scalar. */
export const registerWidth = ({ bits }: ScalarType): 32 | 64 => (bits === 64 ? 64 : 32);

/** Reads a scalar. In a register a narrow one has its sign, or zeros, above. */
export function loadScalar(builder: FunctionBuilder, place: RecordPlace, offset: number, type: ScalarType): Value {
  const from = place.offset + offset;
  if (place.kind === "memory") {
    const value = builder.load(type.bits, place.address, from);
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
    builder.store(type.bits, place.address, to, value);
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
export function newSlot(builder: FunctionBuilder, layout: Layout): RecordPlace {
  return { kind: "memory", address: builder.stackSlot(layout.size, layout.size >= 8 ? 8 : 4), offset: 0 };
}

/** Writes every scalar of a new record to memory, and 0 to all bytes between them: in a map key they count. */
export function storeWhole(
  builder: FunctionBuilder,
  address: Value,
  layout: Layout,
  valueFor: (field: ScalarField) => Value,
): void {
  const fields = scalarFields(layout);
  for (const [index, field] of fields.entries()) {
    const next = fields[index + 1]?.offset ?? layout.size;
    const width = widened(field, next);
    const value = valueFor(field);
    const { bits } = field.type;
    if (field.offset % (bits / 8) !== 0) {
      storeInPieces(builder, address, field, value);
    } else if (width === bits || bits === 64) {
      builder.store(bits, address, field.offset, value);
    } else {
      builder.store(width, address, field.offset, builder.zeroExtend(value, bits, width === 64 ? 64 : 32));
    }
    clear(builder, address, field.offset + width / 8, next);
  }
}

/** A field of a packed record that is not aligned: the verifier takes only aligned stores to the stack. */
function storeInPieces(builder: FunctionBuilder, address: Value, { offset, type }: ScalarField, value: Value): void {
  for (let stored = 0; stored < type.bits; ) {
    const at = offset + stored / 8;
    const width = PIECES.find((bits) => at % (bits / 8) === 0 && stored + bits <= type.bits) ?? 8;
    const amount = builder.constant(registerWidth(type), BigInt(stored));
    builder.store(width, address, at, builder.truncate(builder.binary("shr", registerWidth(type), value, amount), 32));
    stored += width;
  }
}

const PIECES: readonly Width[] = [32, 16, 8];

/** The widest store at a field's place that ends before the next field. */
function widened({ offset, type }: ScalarField, next: number): Width {
  const widths: readonly Width[] = [64, 32, 16];
  const fitting = widths.find((width) => offset % (width / 8) === 0 && offset + width / 8 <= next);
  return fitting !== undefined && fitting > type.bits ? fitting : type.bits;
}

function clear(builder: FunctionBuilder, address: Value, from: number, to: number): void {
  for (let offset = from; offset < to; ) {
    const widths: readonly Width[] = [64, 32, 16];
    const width = widths.find((bits) => offset % (bits / 8) === 0 && offset + bits / 8 <= to) ?? 8;
    builder.store(width, address, offset, builder.constant(width === 64 ? 64 : 32, 0n));
    offset += width / 8;
  }
}
