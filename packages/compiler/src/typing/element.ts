import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { ElementNode } from "../tree/access.ts";
import type { Expression } from "../tree/expression.ts";
import { typeOfLayout } from "../types/kernel-type.ts";
import { u8, u32, u64 } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { convert } from "./coerce.ts";
import type { Typing } from "./typing.ts";

/** An element of an array in memory. Where an index that is not constant may go, `checks/array-indices.ts` sees. */
export function elementAt(array: Expression, place: ExpressionSyntax, span: Span, typing: Typing): ElementNode {
  if (array.type.kind !== "array") {
    throw new Mistake("WEIR1108", array.span, "an array", typeName(array.type, typing.layoutNames));
  }
  const { length } = array.type.layout;
  const index = typing.expression(place, u32);
  if (index.type.kind !== "integer" || index.type.signed) {
    throw new Mistake("WEIR1108", place.span, "an unsigned index", typeName(index.type, typing.layoutNames));
  }
  if (index.kind === "literal" && index.value >= BigInt(length)) {
    throw new Mistake("WEIR1308", place.span, index.value, length);
  }
  return elementNode(array, convert(index, u64), span);
}

/** @param index of 64 bits */
export function elementNode(array: Expression, index: Expression, span: Span): ElementNode {
  if (array.type.kind !== "array") throw new Error("only arrays have elements");
  const { layout } = array.type;
  const element = layout.kind === "array" ? layout.element : undefined;
  return Object.freeze({
    kind: "element",
    type: element === undefined ? u8 : typeOfLayout(element),
    array,
    index,
    stride: element?.size ?? 1,
    length: layout.length,
    span,
  });
}
