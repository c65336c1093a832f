import { nlattr } from "../uapi/netlink.generated.ts";
import type { AttributeKind } from "./attribute-kinds.ts";
import { decodeAttributes, encodeAttributes, type NetlinkAttribute, type PlacedAttribute } from "./attributes.ts";

/** One attribute: the kernel's name of it, its number, and what its bytes mean. */
export interface Attribute<Value> {
  readonly name: string;
  readonly type: number;
  readonly kind: AttributeKind<Value>;
  /** What is inside, where it consists of attributes. */
  readonly inside?: AttributeTable;
}

/** The attributes of a message, or of an attribute, each under the name that it has here. */
export type AttributeTable = Readonly<Record<string, Attribute<unknown>>>;

/** What a message says: a value for each attribute that it has. */
export type AttributeValues<Table extends AttributeTable> = {
  readonly [Key in keyof Table]?: (Table[Key] extends Attribute<infer Value> ? Value : never) | undefined;
};

/** Attributes as bytes, and the table that names them when the kernel objects to one. */
export interface EncodedAttributes {
  readonly table: AttributeTable;
  readonly bytes: Uint8Array;
}

type Rows<Name> = Readonly<Record<string, readonly [name: Name, kind: AttributeKind<unknown> | AttributeTable]>>;

type TableOf<Table extends Rows<string>> = {
  readonly [Key in keyof Table]: Attribute<
    Table[Key][1] extends AttributeKind<infer Value>
      ? Value
      : Table[Key][1] extends AttributeTable
        ? AttributeValues<Table[Key][1]>
        : never
  >;
};

/**
 * A table of attributes, by which messages are read and written.
 *
 * @param numbers the kernel's enumeration
 * @param rows    the name here, the kernel's name, and the kind; or a table, for an attribute that consists of attributes
 * @example
 * ```
 * const LINK = attributeTable(ifla, { name: ["IFLA_IFNAME", text], mtu: ["IFLA_MTU", u32] });
 * decode(LINK, bytes).mtu; // 1500
 * ```
 */
export function attributeTable<
  const Numbers extends Readonly<Record<string, number>>,
  const Table extends Rows<keyof Numbers & string>,
>(numbers: Numbers, rows: Table): TableOf<Table> {
  const table = Object.entries(rows).map(([key, [name, content]]): [string, Attribute<unknown>] => {
    const type = numbers[name];
    if (type === undefined) throw new TypeError(`${name} is not in the enumeration`);
    return [
      key,
      isKind(content) ? { name, type, kind: content } : { name, type, kind: nested(content), inside: content },
    ];
  });
  // Object.fromEntries forgets which key has which value.
  return Object.fromEntries(table) as TableOf<Table>;
}

/** What a stretch of attributes says. */
export function decode<Table extends AttributeTable>(table: Table, bytes: Uint8Array): AttributeValues<Table> {
  const payloads = new Map<number, Uint8Array[]>();
  for (const { type, payload } of decodeAttributes(bytes)) {
    const known = payloads.get(type);
    if (known === undefined) payloads.set(type, [payload]);
    else known.push(payload);
  }
  const values = Object.entries(table).flatMap(([key, { type, kind }]) => {
    const found = payloads.get(type);
    return found === undefined ? [] : [[key, kind.decode(found)]];
  });
  // Object.fromEntries forgets which key has which value.
  return Object.fromEntries(values) as AttributeValues<Table>;
}

/** The attributes that say this, in the table's order. */
export function encode<Table extends AttributeTable>(
  table: Table,
  values: AttributeValues<Table>,
): EncodedAttributes & { readonly table: Table } {
  const attributes = Object.entries(table).flatMap(([key, { type, kind, inside }]): NetlinkAttribute[] => {
    const value: unknown = values[key];
    if (value === undefined) return [];
    return kind.encode(value).map((payload) => ({ type, payload, nested: inside !== undefined }));
  });
  return { table, bytes: encodeAttributes(attributes) };
}

/** An attribute that consists of attributes, as a kind: for lists of such. */
export function nested<Table extends AttributeTable>(table: Table): AttributeKind<AttributeValues<Table>> {
  return {
    decode: (payloads) => {
      const last = payloads.at(-1);
      return last && decode(table, last);
    },
    encode: (values) => [encode(table, values).bytes],
  };
}

/** An attribute in bytes: the kernel's names of it and of those around it, and the table for what is inside it. */
export interface AttributePlace {
  /** From the outermost to the innermost. */
  readonly names: readonly string[];
  readonly inside: AttributeTable | undefined;
}

/** The innermost attribute that covers an offset of bytes. */
export function attributeAt({ table, bytes }: EncodedAttributes, offset: number): AttributePlace | undefined {
  for (const attribute of decodeAttributes(bytes)) {
    if (!covers(attribute, offset)) continue;
    const { type, payload } = attribute;
    const inside = attributeOf(table, type)?.inside;
    const rest = offset - attribute.offset - nlattr.size;
    const within = inside && rest >= 0 ? attributeAt({ table: inside, bytes: payload }, rest) : undefined;
    return { names: [nameOf(table, type), ...(within?.names ?? [])], inside: within ? within.inside : inside };
  }
  return undefined;
}

/** The kernel's name of an attribute. */
export function nameOf(table: AttributeTable, type: number): string {
  return attributeOf(table, type)?.name ?? `attribute ${type}`;
}

function covers({ offset: start, payload }: PlacedAttribute, offset: number): boolean {
  return offset >= start && offset < start + nlattr.size + payload.length;
}

function attributeOf(table: AttributeTable, type: number): Attribute<unknown> | undefined {
  return Object.values(table).find((attribute) => attribute.type === type);
}

function isKind(content: AttributeKind<unknown> | AttributeTable): content is AttributeKind<unknown> {
  return typeof content.decode === "function";
}
