import type { Random } from "@weir/laboratory";

export const SCALARS = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "be16", "be32", "be64"] as const;
export type Scalar = (typeof SCALARS)[number];

/** What a field of a random record is. */
export type FieldKind =
  | { readonly kind: "scalar"; readonly type: Scalar }
  | { readonly kind: "array"; readonly element: Scalar | RandomRecord; readonly length: number }
  | { readonly kind: "record"; readonly record: RandomRecord };

/** A record layout of a random program. */
export interface RandomRecord {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly of: FieldKind }[];
  /** The definition in the language. */
  readonly text: string;
}

/** What a random record may have besides scalars. */
export interface RecordParts {
  readonly inner?: readonly RandomRecord[];
  readonly arrays?: boolean;
  readonly packed?: boolean;
  readonly fields?: number;
}

/** A record layout with a few fields: scalars, and where they may be, arrays and records that were made before. */
export function randomRecord(random: Random, name: string, parts: RecordParts = {}): RandomRecord {
  const { inner = [], arrays = false, packed = false } = parts;
  const count = parts.fields ?? 2 + random.below(4);
  const fields = Array.from({ length: count }, (_, index) => ({
    name: `f${index}`,
    of: randomKind(random, inner, arrays),
  }));
  const list = fields.map((field) => `${field.name}: ${layoutText(field.of)}`);
  return { name, fields, text: `const ${name} = ${packed ? "packed" : "struct"}({ ${list.join(", ")} });` };
}

function randomKind(random: Random, inner: readonly RandomRecord[], arrays: boolean): FieldKind {
  const [first, ...rest] = inner;
  if (first !== undefined && random.chance(20)) return { kind: "record", record: random.pick([first, ...rest]) };
  if (arrays && random.chance(25)) {
    const ofRecords = first !== undefined && random.chance(25);
    return {
      kind: "array",
      element: ofRecords ? random.pick([first, ...rest]) : random.chance(30) ? "u8" : random.pick(SCALARS),
      length: ofRecords ? 2 : random.pick([2, 4, 8]),
    };
  }
  return { kind: "scalar", type: random.pick(SCALARS) };
}

function layoutText(kind: FieldKind): string {
  if (kind.kind === "scalar") return kind.type;
  if (kind.kind === "record") return kind.record.name;
  if (kind.element === "u8") return `bytes(${kind.length})`;
  return `array(${typeof kind.element === "string" ? kind.element : kind.element.name}, ${kind.length})`;
}
