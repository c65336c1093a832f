import { type Layout, visibleFields } from "@weir/bytecode/layout";

/** What a value consists of, one column each: `key.source` and its text. */
export interface ValueColumn {
  readonly name: string;
  text(value: unknown): string;
}

/** Elements of an array that are shown, and bytes of a run of bytes. */
const ELEMENTS = 16;
const BYTES = 16;

/** The columns of values with a layout: the fields of records, also of records in them. @param grouped digits in threes */
export function columnsOf(layout: Layout, name: string, grouped: boolean): ValueColumn[] {
  if (layout.kind !== "struct") return [{ name, text: (value) => valueText(layout, value, grouped) }];
  return visibleFields(layout).flatMap((field) =>
    columnsOf(field.layout, field.name, grouped).map((column) => ({
      name: field.layout.kind === "struct" ? `${field.name}.${column.name}` : column.name,
      text: (value: unknown) => column.text(fieldOf(value, field.name)),
    })),
  );
}

/** A value on one line. */
export function valueText(layout: Layout, value: unknown, grouped: boolean): string {
  switch (layout.kind) {
    case "scalar":
      if (layout.name === "be32" && typeof value === "number") return ipv4(value);
      return numberText(value, grouped);
    case "bytes":
      return value instanceof Uint8Array ? bytesText(value) : "";
    case "array":
      return Array.isArray(value) ? elementsText(layout.element, value, grouped) : "";
    case "struct": {
      const columns = columnsOf(layout, "", grouped);
      return `{ ${columns.map(({ name, text }) => `${name} ${text(value)}`).join(", ")} }`;
    }
  }
}

function numberText(value: unknown, grouped: boolean): string {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  return isNumber && grouped ? value.toLocaleString("en-US") : String(value);
}

/** Of many elements those that are not zero, with their indices: so a histogram can be read. */
function elementsText(element: Layout, values: readonly unknown[], grouped: boolean): string {
  const text = (value: unknown) => valueText(element, value, grouped);
  if (values.length <= ELEMENTS / 2) return values.map(text).join(" ");
  const filled = [...values.entries()].filter(([, value]) => !isEmpty(value));
  const shown = filled.slice(0, ELEMENTS).map(([index, value]) => `${index}: ${text(value)}`);
  return shown.length === 0 ? "all 0" : `${shown.join(", ")}${filled.length > shown.length ? ", …" : ""}`;
}

/** Whether all of a value is zero. */
export function isEmpty(value: unknown): boolean {
  if (value instanceof Uint8Array || Array.isArray(value)) return [...value].every(isEmpty);
  if (typeof value === "object" && value !== null) return Object.values(value).every(isEmpty);
  return Number(value) === 0;
}

/** Text where it is some, a hardware or IPv6 address where it has the length of one, hexadecimal digits otherwise. */
function bytesText(bytes: Uint8Array): string {
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const isText = end > 3 && bytes.subarray(0, end).every((byte) => byte >= 0x20 && byte < 0x7f);
  if (isText) return JSON.stringify(new TextDecoder().decode(bytes.subarray(0, end)));
  const digits = [...bytes.subarray(0, BYTES)].map((byte) => byte.toString(16).padStart(2, "0"));
  if (bytes.length === 6) return digits.join(":");
  if (bytes.length === 16) return ipv6(bytes);
  return `${digits.join("")}${bytes.length > BYTES ? "…" : ""}`;
}

function ipv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

/** As RFC 5952 writes it: the longest run of zeros, of two groups at least, is left out. */
function ipv6(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2).toString(16));
  const runs = [...groups.join(":").matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const longest = runs.reduce((best, [run]) => (run.length > best.length ? run : best), "");
  if (longest === "") return groups.join(":");
  const [before = "", after = ""] = splitAt(groups.join(":"), longest);
  return `${before.replace(/:$/, "")}::${after.replace(/^:/, "")}`;
}

function splitAt(text: string, part: string): [before: string, after: string] {
  const index = text.search(new RegExp(`(?<![0-9a-f])${part}(?![0-9a-f])`));
  return [text.slice(0, index), text.slice(index + part.length)];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
