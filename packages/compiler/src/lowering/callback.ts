import type { Value } from "@weir/codegen";
import type { BuiltinNode } from "../tree/call.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { Local } from "../tree/local.ts";
import { isScalar } from "../types/kernel-type.ts";
import { u8 } from "../types/scalar.ts";
import { bindValue } from "./call.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { loadScalar } from "./memory.ts";
import { at } from "./place.ts";
import { SharedVariables } from "./shared-variables.ts";
import { shown } from "./shown.ts";

/** How the kernel calls a callback. */
export interface CallbackForm {
  /** The argument that each parameter is, or whose address it is in. */
  readonly parameters: readonly { readonly argument: number; readonly is: "value" | "address" }[];
  /** The argument that is an address behind which nothing may be written. */
  readonly readOnly?: number;
  /** How many arguments there are. */
  readonly arguments: number;
  /** The argument that is the address of what the callback shares with the function around; undefined when it runs later, and shares nothing. */
  readonly shared?: number;
}

/** What a helper is given for a callback. */
export interface LoweredCallback {
  readonly address: Value;
  /** The address of what it shares with the function around; 0 when that is nothing. */
  readonly shared: Value;
  /** After the helper's call: variables are what the callback made of them. */
  readonly takeBack: () => void;
}

/** Makes a function of its own of a callback, and puts what it shares with the function around where it finds it. */
export function lowerCallback(node: BuiltinNode, form: CallbackForm, lowering: FunctionLowering): LoweredCallback {
  const { callback: tree } = node;
  if (tree === undefined) throw new Error(`${node.builtin.name} is given no callback`);
  const variables = new SharedVariables(tree, lowering);
  const inner = lowering.module.callback(tree, lowering.name, form);
  inner.probesKernel = lowering.probesKernel;
  // What runs later is not given where the text goes.
  inner.writesText = lowering.writesText && form.shared !== undefined;
  const shared = form.shared === undefined ? undefined : inner.builder.parameter(form.shared);
  if (shared !== undefined) variables.open(shared, inner);
  for (const [index, parameter] of tree.parameters.entries()) {
    const place = form.parameters[index];
    if (place !== undefined) bindParameter(parameter, inner.builder.parameter(place.argument), place.is, inner);
  }
  lowerBody(tree, inner, () => shared && variables.giveBack(shared, inner));
  const memory = variables.give();
  return {
    address: lowering.builder.functionAddress(inner.name, { later: form.shared === undefined }),
    shared: memory ?? lowering.builder.constant(64, 0n),
    takeBack: () => memory && variables.takeBack(memory),
  };
}

function bindParameter(parameter: Local, argument: Value, is: "value" | "address", inner: FunctionLowering): void {
  const { builder } = inner;
  const { type } = parameter;
  if (is === "address" && (type.kind === "record" || type.kind === "array")) {
    inner.bind(parameter, { kind: "place", place: at(argument) });
    return;
  }
  const scalar = isScalar(type) ? type : u8;
  if (is === "address") {
    bindValue(parameter, loadScalar(builder, at(argument), 0, scalar), inner);
    return;
  }
  const lastTurn = inner.module.unseenTurns.get(parameter);
  const value = lastTurn === undefined ? argument : shown(argument, lastTurn + 1n, inner);
  bindValue(parameter, scalar.bits === 64 ? value : builder.truncate(value, 32), inner);
}

/** The verifier wants 0, to go on, or 1, to stop, and has to see that it is one of the two. */
function lowerBody(tree: FunctionTree, inner: FunctionLowering, finish: () => void): void {
  const { builder } = inner;
  const end = builder.block();
  if (tree.returnType.kind === "void") {
    inner.returnTarget = { kind: "nothing", after: end };
    inner.statement(tree.body);
    const { span } = tree.body;
    inner.at({ ...span, start: span.end - 1 }, () => builder.jump(end));
    inner.continueAt(end);
    finish();
    builder.return(builder.constant(64, 0n));
    return;
  }
  const result = builder.variable(64);
  const [stop, goOn] = [builder.block(), builder.block()];
  inner.returnTarget = { kind: "condition", whenTrue: stop, whenFalse: goOn };
  inner.statement(tree.body);
  for (const [block, value] of [
    [stop, 1n],
    [goOn, 0n],
  ] as const) {
    inner.continueAt(block);
    builder.write(result, builder.constant(64, value));
    builder.jump(end);
  }
  inner.continueAt(end);
  finish();
  builder.return(builder.read(result));
}
