import type { BtfType } from "../btf/type.ts";

export type Composite = BtfType & { readonly kind: "struct" | "union" };
export type Enumeration = BtfType & { readonly kind: "enum" | "enum64" };

export function isComposite(type: BtfType): type is Composite {
  return type.kind === "struct" || type.kind === "union";
}

export function isEnumeration(type: BtfType): type is Enumeration {
  return type.kind === "enum" || type.kind === "enum64";
}

export function nameOf(type: BtfType): string {
  return "name" in type ? type.name : "";
}

/** Whether a type may stand for another one: enumerations of 32 and 64 bits may. */
export function sameKind(left: BtfType, right: BtfType): boolean {
  return left.kind === right.kind || (isEnumeration(left) && isEnumeration(right));
}
