import type { Value } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import type { Expression } from "../tree/expression.ts";
import { typeName } from "../types/type-name.ts";
import type { Typing } from "../typing/typing.ts";
import { argument } from "./arguments.ts";
import type { BuiltinCall } from "./builtin.ts";
import { handed } from "./maps/in-memory.ts";

/** Memory that the kernel is given: a record or an array of at least so many bytes. */
export function memoryArgument(call: BuiltinCall, index: number, atLeast: number, typing: Typing): Expression {
  const syntax = argument(call, index);
  const node = typing.expression(syntax);
  const { type } = node;
  if (type.kind !== "record" && type.kind !== "array") {
    throw new Mistake("WEIR1108", syntax.span, "a record or an array", typeName(type, typing.layoutNames));
  }
  if (type.kind === "record" && type.nullable) throw new Mistake("WEIR1109", syntax.span);
  if (type.layout.size < atLeast) throw new Mistake("WEIR1715", syntax.span, atLeast, type.layout.size);
  return node;
}

/**
 * Evaluates an argument, and gives what the kernel is given for it when all have been evaluated: the address of memory, or 64 bits, in
 * which a number with a sign keeps it.
 */
export function argumentValue(node: Expression, lowering: FunctionLowering): () => Value {
  const { type } = node;
  if (type.kind === "record" || type.kind === "array") return handed(node, lowering);
  const number = wide(lowering.value(node), node, lowering);
  return () => number;
}

function wide(value: Value, { type }: Expression, { builder }: FunctionLowering): Value {
  if (value.width === 64) return value;
  return type.kind === "integer" && type.signed ? builder.signExtend(value, 32, 64) : builder.zeroExtend(value, 32, 64);
}
