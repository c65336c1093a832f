import { Mistake } from "../../diagnostics/mistake.ts";
import type { Expression } from "../../tree/expression.ts";
import { typeName } from "../../types/type-name.ts";
import type { Typing } from "../../typing/typing.ts";
import { argument } from "../arguments.ts";
import type { BuiltinCall } from "../builtin.ts";

/** An argument that is a record, whatever its layout, and not null. */
export function recordArgument(call: BuiltinCall, index: number, typing: Typing): Expression {
  const syntax = argument(call, index);
  const record = typing.expression(syntax);
  const { type } = record;
  if (type.kind !== "record") {
    throw new Mistake("WEIR1108", syntax.span, "a record", typeName(type, typing.layoutNames));
  }
  if (type.nullable) throw new Mistake("WEIR1109", syntax.span);
  return record;
}
