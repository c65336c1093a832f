import type { StructLayout } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Expression } from "../tree/expression.ts";
import { rangeOf } from "../tree/range.ts";
import { toHost } from "../types/byte-order.ts";
import { isScalar, type KernelType, type ScalarType } from "../types/kernel-type.ts";
import { sameLayout } from "../types/same-layout.ts";
import { maximum, minimum } from "../types/scalar.ts";
import { type LayoutNames, typeName } from "../types/type-name.ts";

/** The expression as a value of `type`: widened where every value fits, refused where not. */
export function coerce(node: Expression, type: KernelType, names: LayoutNames): Expression {
  const from = node.type;
  if (from === type) return node;
  if (isScalar(type) && isScalar(from)) {
    if (from.kind === "network" || type.kind === "network") {
      const network = from.kind === "network" ? from : type;
      const word = network.kind === "network" ? toHost(network) : "";
      const way = from.kind === "network" ? word : word.replace("ntoh", "hton");
      throw new Mistake("WEIR1102", node.span, from.name, type.name, way);
    }
    if (!fits(node, type)) throw new Mistake("WEIR1101", node.span, from.name, type.name);
    return convert(node, type);
  }
  if (type.kind === "record" && from.kind === "record") {
    checkLayout(node, from.layout, type.layout, names);
    if (from.nullable && !type.nullable) throw new Mistake("WEIR1109", node.span);
    return node;
  }
  if (type.kind === "kernel" && from.kind === "kernel") {
    if (from.structure.name !== type.structure.name) {
      throw new Mistake("WEIR1108", node.span, typeName(type, names), typeName(from, names));
    }
    if (from.nullable && !type.nullable) throw new Mistake("WEIR1109", node.span);
    return node;
  }
  if (type.kind === "array" && from.kind === "array" && sameLayout(type.layout, from.layout)) return node;
  if (type.kind === from.kind && type.kind !== "array") return node;
  throw new Mistake("WEIR1108", node.span, typeName(type, names), typeName(from, names));
}

function checkLayout(node: Expression, found: StructLayout, expected: StructLayout, names: LayoutNames): void {
  if (sameLayout(found, expected)) return;
  const name = (layout: StructLayout) =>
    names.get(layout) ?? `{ ${layout.fields.map((field) => field.name).join(", ")} }`;
  throw new Mistake("WEIR1309", node.span, name(expected), name(found));
}

/** Whether every value that the expression can have is one of the type's. */
export function fits(node: Expression, type: ScalarType): boolean {
  const { low, high } = rangeOf(node);
  return low >= minimum(type) && high <= maximum(type);
}

export function convert(node: Expression, type: ScalarType): Expression {
  if (node.type === type) return node;
  if (node.kind === "literal") {
    const bits = BigInt.asUintN(64, node.value);
    const value = type.signed ? BigInt.asIntN(type.bits, bits) : BigInt.asUintN(type.bits, bits);
    return Object.freeze({ kind: "literal", type, value, span: node.span });
  }
  return Object.freeze({ kind: "convert", type, operand: node, span: node.span });
}
