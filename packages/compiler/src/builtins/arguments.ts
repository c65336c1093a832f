import type { Layout, StructLayout } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { Expression } from "../tree/expression.ts";
import { u64 } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { literal } from "../typing/literal.ts";
import type { Typing } from "../typing/typing.ts";
import type { BuiltinCall } from "./builtin.ts";

/** An argument that TypeScript has seen to be there. */
export function argument(call: BuiltinCall, index: number): ExpressionSyntax {
  const syntax = call.arguments[index];
  if (syntax === undefined) throw new Mistake("WEIR1405", call.span, "this call", index + 1, call.arguments.length);
  return syntax;
}

/** A number of 64 bits, such as flags; `otherwise` where nothing is said. */
export function optionalArgument(call: BuiltinCall, index: number, otherwise: bigint, typing: Typing): Expression {
  const syntax = call.arguments[index];
  return syntax === undefined ? literal(u64, otherwise, call.span) : typing.value(syntax, u64);
}

/** The first argument: something in a record that is the kernel's own, such as a lock. */
export function ownedArgument(call: BuiltinCall, layout: StructLayout, what: string, typing: Typing): Expression {
  const syntax = argument(call, 0);
  const node = typing.expression(syntax);
  if (node.type.kind === "record" && node.type.layout === layout) return node;
  throw new Mistake("WEIR1108", syntax.span, what, typeName(node.type, typing.layoutNames));
}

/** An argument that names a record layout. */
export function structArgument(call: BuiltinCall, index: number, typing: Typing): StructLayout {
  const layout = layoutArgument(call, index, typing);
  if (layout.kind === "struct") return layout;
  throw new Mistake("WEIR1108", argument(call, index).span, "the layout of a record", layout.kind);
}

function layoutArgument(call: BuiltinCall, index: number, typing: Typing): Layout {
  const syntax = argument(call, index);
  const constant = typing.constants.evaluate(syntax);
  if (constant?.kind === "layout") return constant.layout;
  throw new Mistake("WEIR1201", syntax.span);
}
