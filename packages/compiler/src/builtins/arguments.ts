import type { Layout, StructLayout } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { Typing } from "../typing/typing.ts";
import type { BuiltinCall } from "./builtin.ts";

/** An argument that TypeScript has seen to be there. */
export function argument(call: BuiltinCall, index: number): ExpressionSyntax {
  const syntax = call.arguments[index];
  if (syntax === undefined) throw new Mistake("WEIR1405", call.span, "this", index + 1, call.arguments.length);
  return syntax;
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
