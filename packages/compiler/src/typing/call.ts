import type { BuiltinCall } from "../builtins/builtin.ts";
import { builtins } from "../builtins/index.ts";
import type { FunctionConstant } from "../constants/constant.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { CallSyntax } from "../syntax/expression.ts";
import type { Expression } from "../tree/expression.ts";
import type { FunctionTree } from "../tree/function.ts";
import { isGeneric } from "./generic.ts";
import { instantiate } from "./instance.ts";
import type { Typing } from "./typing.ts";
import { unsupportedMistake } from "./unsupported.ts";

/** A call of a function of the program, of a word of the language, or of a method of a map or the packet. */
export function typeCall(syntax: CallSyntax, typing: Typing): Expression {
  const { callee, span } = syntax;
  const constant = typing.constants.evaluate(callee);
  if (constant?.kind === "function") return callFunction(constant, syntax, typing);
  const call = {
    span,
    receiver: undefined,
    map: undefined,
    arguments: syntax.arguments,
    typeArguments: syntax.typeArguments,
  };
  if (constant?.kind === "word") return typeBuiltin(constant.name, call, typing);
  if (callee.kind !== "property") throw new Mistake("WEIR1001", callee.span, "this call");
  const object = typing.constants.evaluate(callee.object);
  if (object?.kind === "map") {
    return typeBuiltin(`${object.map.operations}.${callee.name}`, { ...call, map: object.map }, typing);
  }
  const receiver = typing.expression(callee.object);
  if (receiver.type.kind === "map") {
    const { map, nullable } = receiver.type;
    if (nullable) throw new Mistake("WEIR1109", callee.object.span);
    return typeBuiltin(`${map.operations}.${callee.name}`, { ...call, map, receiver }, typing);
  }
  return typeBuiltin(`${receiver.type.kind}.${callee.name}`, { ...call, receiver }, typing);
}

export function typeBuiltin(name: string, call: BuiltinCall, typing: Typing): Expression {
  const builtin = builtins.get(name);
  if (builtin === undefined) throw new Mistake("WEIR1202", call.span, name);
  const checked = builtin.check(call, typing);
  return Object.freeze({ kind: "builtin", builtin, map: call.map, found: foundMap(call), span: call.span, ...checked });
}

const foundMap = ({ receiver }: BuiltinCall): Expression | undefined =>
  receiver?.type.kind === "map" ? receiver : undefined;

function callFunction(constant: FunctionConstant, call: CallSyntax, typing: Typing): Expression {
  const { functions } = typing;
  const { function: declared, name } = constant;
  const { arguments: given, span } = call;
  const isClosure = functions.isClosure(constant);
  // A function that is passed on may take less than it is given, as in JavaScript.
  if (given.length < declared.parameters.length || (given.length > declared.parameters.length && !isClosure)) {
    // A head that is not the language's says why TypeScript takes it.
    const [head] = declared.body;
    if (head?.kind === "unsupported") throw unsupportedMistake(head);
    throw new Mistake("WEIR1405", span, `\`${name}\``, declared.parameters.length, given.length);
  }
  if (isClosure || isGeneric(declared)) {
    const { instance, values } = instantiate(constant, call, typing);
    return callNode(functions.tree(constant, span, instance), values, span);
  }
  const called = functions.tree(constant, span);
  const values = called.parameters.map((parameter, index) => {
    const syntax = given[index];
    if (syntax === undefined)
      throw new Mistake("WEIR1405", span, `\`${called.name}\``, called.parameters.length, given.length);
    return typing.value(syntax, parameter.type);
  });
  return callNode(called, values, span);
}

const callNode = (called: FunctionTree, values: readonly Expression[], span: Span): Expression =>
  Object.freeze({ kind: "call", type: called.returnType, function: called, arguments: values, span });
