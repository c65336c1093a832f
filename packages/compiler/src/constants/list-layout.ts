import { array, type Layout } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { TypeSyntax } from "../syntax/type.ts";
import { literalType } from "../types/scalar.ts";
import type { ConstantOf } from "./constant.ts";
import type { Constants } from "./constants.ts";
import { refuseConfig } from "./encode-constant.ts";
import { resolveType } from "./resolve-type.ts";
import { layoutOfType } from "./type-layout.ts";
import { scalarLayouts } from "./word-value.ts";

/** How an element of `readonly u32[]` lies in memory; undefined for what cannot lie there, such as functions. */
export function elementLayout(type: TypeSyntax & { kind: "array" }, constants: Constants): Layout | undefined {
  const { element } = type;
  if (element.kind === "function" || element.kind === "string") return undefined;
  const resolved = resolveType(element, constants);
  return resolved && layoutOfType(resolved);
}

/** How a whole list lies in memory. Numbers without a type get one that all of them fit into. */
export function listLayout(list: ConstantOf<"list">, span: Span) {
  const element = list.element ?? commonLayout(list);
  for (const each of list.elements) refuseConfig(each, span);
  if (element === undefined) throw new Mistake("WEIR1213", span);
  return array(element, list.elements.length);
}

function commonLayout({ elements }: ConstantOf<"list">): Layout | undefined {
  if (elements.length === 0) return undefined;
  if (elements.every((element) => element.kind === "boolean")) return scalarLayouts.get("bool");
  const untyped = elements.flatMap((each) => (each.kind === "integer" && each.type === undefined ? [each.value] : []));
  const literal = literalType(...untyped);
  let widest: Layout | undefined;
  for (const element of elements) {
    const type = element.kind === "integer" ? (element.type ?? literal) : undefined;
    const layout = type && scalarLayouts.get(type.name);
    if (layout === undefined) return undefined;
    // A u32 and a u64 have a common type; a u32 and an i32, or two byte orders, have none.
    if (widest !== undefined && widest !== layout && kindOf(widest) !== kindOf(layout)) return undefined;
    if (widest === undefined || layout.size > widest.size) widest = layout;
  }
  return widest;
}

const kindOf = (layout: Layout): string => (layout.kind === "scalar" ? layout.name.replace(/\d+/, "") : layout.kind);
