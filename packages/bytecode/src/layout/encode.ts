import { accessors } from "./accessors.ts";
import type { Decoded } from "./decoded.ts";
import type { Layout, ScalarName } from "./language.ts";
import { isKernelOwned } from "./visible-fields.ts";

/**
 * Writes `value` as `layout` says, `offset` bytes into `view`; padding becomes 0, since in a map key it counts.
 *
 * @example
 * ```ts
 * encode(struct({ port: be16, packets: u64 }), { port: 53, packets: 0n }, new DataView(new ArrayBuffer(16)));
 * ```
 * @throws {RangeError} when a number does not fit into its field, or the value not into `view`.
 * @throws {TypeError} when the value is not of the layout's shape.
 */
export function encode<L extends Layout>(layout: L, value: Decoded<L>, view: DataView, offset = 0): void {
  new Uint8Array(view.buffer, view.byteOffset + offset, layout.size).fill(0);
  write(layout, value, view, offset, "value");
}

function write(layout: Layout, value: unknown, view: DataView, offset: number, path: string): void {
  switch (layout.kind) {
    case "scalar":
      writeScalar(layout.name, layout.size, value, view, offset, path);
      return;
    case "bytes":
      if (!(value instanceof Uint8Array) || value.length !== layout.length) {
        throw new TypeError(`${path} must be a Uint8Array of ${layout.length} bytes`);
      }
      new Uint8Array(view.buffer, view.byteOffset + offset, layout.length).set(value);
      return;
    case "array":
      if (!Array.isArray(value) || value.length !== layout.length) {
        throw new TypeError(`${path} must be an array of ${layout.length} elements`);
      }
      for (const [index, element] of value.entries()) {
        write(layout.element, element, view, offset + index * layout.element.size, `${path}[${index}]`);
      }
      return;
    case "struct":
      for (const field of layout.fields) {
        if (isKernelOwned(field.layout)) continue;
        write(field.layout, property(value, field.name, path), view, offset + field.offset, `${path}.${field.name}`);
      }
  }
}

function property(value: unknown, name: string, path: string): unknown {
  if (typeof value !== "object" || value === null) throw new TypeError(`${path} must be an object with field ${name}`);
  return Reflect.get(value, name);
}

function writeScalar(
  name: ScalarName,
  size: number,
  value: unknown,
  view: DataView,
  offset: number,
  path: string,
): void {
  const { method, littleEndian } = accessors[name];
  if (name === "bool") {
    if (typeof value !== "boolean") throw new TypeError(`${path} must be true or false (bool)`);
    view.setUint8(offset, value ? 1 : 0);
    return;
  }
  const signed = method.startsWith("Int") || method === "BigInt64";
  const kind = size === 8 ? "bigint" : "number";
  if (typeof value !== kind || (typeof value === "number" && !Number.isInteger(value))) {
    throw new TypeError(`${path} must be a ${size === 8 ? "bigint" : "whole number"} (${name})`);
  }
  // Checked above: a bigint or a whole number.
  const integer = BigInt(value as bigint | number);
  if ((signed ? BigInt.asIntN : BigInt.asUintN)(size * 8, integer) !== integer) {
    throw new RangeError(`${path} = ${integer} does not fit into ${name}`);
  }
  if (method === "BigUint64" || method === "BigInt64") view[`set${method}`](offset, integer, littleEndian);
  else view[`set${method}`](offset, Number(integer), littleEndian);
}
