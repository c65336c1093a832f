import type { Btf } from "../btf/btf.ts";
import type { BtfType } from "../btf/type.ts";

export type Composite = BtfType & { readonly kind: "struct" | "union" };
export type Enumeration = BtfType & { readonly kind: "enum" | "enum64" };

/** The type behind typedefs and qualifiers, and its id. */
export function bare(btf: Btf, id: number): { readonly id: number; readonly type: BtfType } {
  let at = id;
  // A chain longer than the number of types goes in a circle.
  for (let steps = 0; steps < btf.count; steps++) {
    const type = btf.type(at);
    switch (type.kind) {
      case "typedef":
      case "const":
      case "volatile":
      case "restrict":
      case "type-tag":
        at = type.type;
        break;
      default:
        return { id: at, type };
    }
  }
  return { id: at, type: { kind: "void" } };
}

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
