import type { BtfKind } from "./type.ts";

interface KindShape {
  readonly kind: BtfKind;
  /** Words behind the three that every type has. */
  readonly words: number;
  /** Words of each of the `vlen` members behind those. */
  readonly memberWords: number;
}

const shape = (kind: BtfKind, words = 0, memberWords = 0): KindShape => ({ kind, words, memberWords });

/** `BTF_KIND_*`, by number. */
export const kindShapes: readonly KindShape[] = [
  shape("void"),
  shape("int", 1),
  shape("pointer"),
  shape("array", 3),
  shape("struct", 0, 3),
  shape("union", 0, 3),
  shape("enum", 0, 2),
  shape("forward"),
  shape("typedef"),
  shape("volatile"),
  shape("const"),
  shape("restrict"),
  shape("function"),
  shape("function-prototype", 0, 2),
  shape("variable", 1),
  shape("section", 0, 3),
  shape("float"),
  shape("declaration-tag", 1),
  shape("type-tag"),
  shape("enum64", 0, 3),
];

/** `BTF_INT_*`. */
export const intEncodings = { unsigned: 0, signed: 1, char: 2, bool: 4 } as const;

/** `BTF_FUNC_*` and `BTF_VAR_*`, by number. */
export const linkages = ["static", "global", "extern"] as const;
