import type * as language from "./language.ts";

type LayoutMembers = language.LayoutMembers;
type StructLayout<Members extends LayoutMembers> = language.StructLayout<Members>;

/**
 * A record with C's layout: each field at a multiple of its alignment, the whole padded to the largest of them.
 *
 * @example
 * ```ts
 * struct({ protocol: u8, port: be16 }).size; // 4: port is at 2
 * ```
 */
export const struct: typeof language.struct = (members) => place(members, (layout) => layout.alignment);

/**
 * A record without padding, alignment 1: for headers that C's rules would tear apart.
 *
 * @example
 * ```ts
 * packed({ protocol: u8, port: be16 }).size; // 3
 * ```
 */
export const packed: typeof language.packed = (members) => place(members, () => 1);

function place<Members extends LayoutMembers>(
  members: Members,
  alignmentOf: (layout: language.Layout) => number,
): StructLayout<Members> {
  let end = 0;
  let alignment = 1;
  const fields: language.LayoutField[] = [];
  for (const [name, layout] of Object.entries(members)) {
    // Names become names in BTF, where the kernel wants C identifiers, and properties of decoded records.
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name === "__proto__") {
      throw new TypeError(`"${name}" cannot be the name of a field: it is no C identifier`);
    }
    const offset = roundUp(end, alignmentOf(layout));
    fields.push(Object.freeze({ name, offset, layout }));
    end = offset + layout.size;
    alignment = Math.max(alignment, alignmentOf(layout));
  }
  if (fields.length === 0) throw new TypeError("a record needs at least one field");
  return Object.freeze({
    kind: "struct",
    members: Object.freeze({ ...members }),
    fields: Object.freeze(fields),
    size: roundUp(end, alignment),
    alignment,
  });
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
