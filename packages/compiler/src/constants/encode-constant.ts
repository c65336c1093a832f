import type { Layout } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import { type IntegerName, scalarTypes, u8 } from "../types/scalar.ts";
import { adaptInteger } from "./adapt-integer.ts";
import type { Constant } from "./constant.ts";

/** Writes a constant as it lies in memory. @throws {Mistake} when it is not what the layout describes */
export function encodeConstant(constant: Constant, layout: Layout, to: Uint8Array, offset: number, span: Span): void {
  switch (layout.kind) {
    case "scalar":
      refuseConfig(constant, span);
      if (layout.name === "bool") {
        if (constant.kind !== "boolean") throw new Mistake("WEIR1108", span, "a boolean", describe(constant));
        to[offset] = constant.value ? 1 : 0;
      } else {
        encodeInteger(constant, layout.name, to, offset, span);
      }
      return;
    case "bytes":
    case "array": {
      const elements = constant.kind === "list" ? constant.elements : undefined;
      if (elements?.length !== layout.length) {
        const found = elements === undefined ? describe(constant) : `${elements.length}`;
        throw new Mistake("WEIR1108", span, `${layout.length} elements`, found);
      }
      for (const [index, element] of elements.entries()) {
        if (layout.kind === "bytes") encodeInteger(element, u8.name, to, offset + index, span);
        else encodeConstant(element, layout.element, to, offset + index * layout.element.size, span);
      }
      return;
    }
    case "struct": {
      const properties = constant.kind === "object" ? constant.properties : undefined;
      if (properties === undefined) throw new Mistake("WEIR1108", span, "a record", describe(constant));
      for (const name of properties.keys()) {
        if (!layout.fields.some((field) => field.name === name)) throw new Mistake("WEIR1301", span, name);
      }
      for (const field of layout.fields) {
        const value = properties.get(field.name);
        if (value === undefined) throw new Mistake("WEIR1108", span, `the field ${field.name}`, "none");
        encodeConstant(value, field.layout, to, offset + field.offset, span);
      }
    }
  }
}

function encodeInteger(constant: Constant, name: IntegerName, to: Uint8Array, offset: number, span: Span): void {
  const type = scalarTypes[name];
  if (constant.kind !== "integer") throw new Mistake("WEIR1108", span, type.name, describe(constant));
  let rest = BigInt.asUintN(type.bits, adaptInteger(constant, type, span));
  for (let index = 0; index < type.bits / 8; index++, rest >>= 8n) to[offset + index] = Number(rest & 0xffn);
}

/** What a setting is, is known when the program is loaded: its instructions have it, and memory does not. */
export function refuseConfig(constant: Constant, span: Span): void {
  if (constant.kind === "config") throw new Mistake("WEIR1215", span, constant.config.name);
}

const describe = ({ kind }: Constant): string => (kind === "object" ? "a record" : kind === "list" ? "a list" : kind);
