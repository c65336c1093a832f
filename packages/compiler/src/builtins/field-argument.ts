import { Mistake } from "../diagnostics/mistake.ts";
import type { ElementNode, MemberNode } from "../tree/access.ts";
import type { BuiltinNode } from "../tree/call.ts";
import type { Expression } from "../tree/expression.ts";
import { isScalar, type ScalarType, typeOfLayout } from "../types/kernel-type.ts";
import { typeName } from "../types/type-name.ts";
import { elementAt } from "../typing/element.ts";
import type { Typing } from "../typing/typing.ts";
import { argument } from "./arguments.ts";
import type { BuiltinCall } from "./builtin.ts";
import { nth } from "./nth.ts";

/** Two arguments that name a field: a record, and the name of one of its fields. */
export function fieldArgument(call: BuiltinCall, index: number, typing: Typing): MemberNode {
  return fieldIn(typing.expression(argument(call, index)), call, index, typing);
}

/** As {@link fieldArgument}, or an array, and an index in it. */
export function partArgument(call: BuiltinCall, index: number, typing: Typing): MemberNode | ElementNode {
  const whole = typing.expression(argument(call, index));
  if (whole.type.kind === "array") return elementAt(whole, argument(call, index + 1), call.span, typing);
  return fieldIn(whole, call, index, typing);
}

function fieldIn(record: Expression, call: BuiltinCall, index: number, typing: Typing): MemberNode {
  const { type } = record;
  if (type.kind !== "record") {
    throw new Mistake("WEIR1108", record.span, "a record", typeName(type, typing.layoutNames));
  }
  const nameSyntax = argument(call, index + 1);
  const name = typing.constants.evaluate(nameSyntax);
  if (name?.kind !== "string") throw new Mistake("WEIR1307", nameSyntax.span);
  const field = type.layout.fields.find((candidate) => candidate.name === name.value);
  if (field === undefined) throw new Mistake("WEIR1301", nameSyntax.span, name.value);
  return Object.freeze({
    kind: "member",
    type: typeOfLayout(field.layout),
    record,
    name: field.name,
    offset: field.offset,
    span: call.span,
  });
}

/** The field, as it stands among the arguments after the check. */
export function fieldOf(node: BuiltinNode, index: number): [place: MemberNode, type: ScalarType] {
  const [place, type] = partOf(node, index);
  if (place.kind !== "member") throw new Error(`${node.builtin.name} needs a field`);
  return [place, type];
}

/** The field or element, as it stands among the arguments after the check. */
export function partOf(node: BuiltinNode, index: number): [place: MemberNode | ElementNode, type: ScalarType] {
  const place = nth(node, index);
  if ((place.kind !== "member" && place.kind !== "element") || !isScalar(place.type)) {
    throw new Error(`${node.builtin.name} needs a field or an element`);
  }
  return [place, place.type];
}
