import type { Random } from "@weir/laboratory";

export type Scalar = "u8" | "u16" | "u32" | "u64" | "i8" | "i16" | "i32" | "i64" | "be16" | "be32" | "be64";

/** What a field of a random record is. */
export type FieldKind =
  | { readonly kind: "scalar"; readonly type: Scalar }
  | { readonly kind: "array"; readonly element: Scalar; readonly length: number }
  | { readonly kind: "record"; readonly record: RandomRecord };

/** A record layout of a random program. */
export interface RandomRecord {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly of: FieldKind }[];
  /** The definition in the language. */
  readonly text: string;
}

const scalars = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "be16", "be32", "be64"] as const;

/** A record layout with a few fields: scalars, and where they may be, arrays and records that were made before. */
export function randomRecord(
  random: Random,
  name: string,
  inner: readonly RandomRecord[],
  { arrays, packed }: { readonly arrays: boolean; readonly packed: boolean },
): RandomRecord {
  const fields = Array.from({ length: 2 + random.below(4) }, (_, index) => {
    const field = { name: `f${index}`, of: randomKind(random, inner, arrays) };
    return field;
  });
  const parts = fields.map((field) => `${field.name}: ${layoutText(field.of)}`);
  return { name, fields, text: `const ${name} = ${packed ? "packed" : "struct"}({ ${parts.join(", ")} });` };
}

function randomKind(random: Random, inner: readonly RandomRecord[], arrays: boolean): FieldKind {
  const [first, ...rest] = inner;
  if (first !== undefined && random.chance(15)) return { kind: "record", record: random.pick([first, ...rest]) };
  if (arrays && random.chance(20)) {
    return { kind: "array", element: random.pick(scalars), length: random.pick([2, 4, 8]) };
  }
  return { kind: "scalar", type: random.pick(scalars) };
}

function layoutText(kind: FieldKind): string {
  if (kind.kind === "scalar") return kind.type;
  if (kind.kind === "record") return kind.record.name;
  return kind.element === "u8" ? `bytes(${kind.length})` : `array(${kind.element}, ${kind.length})`;
}
