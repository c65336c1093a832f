import type { Value } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import type { CallNode } from "../tree/call.ts";
import type { Local } from "../tree/local.ts";
import { isScalar } from "../types/kernel-type.ts";
import { u64 } from "../types/scalar.ts";
import { calledForm } from "./called-form.ts";
import { convertValue } from "./convert.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { isInPacket } from "./in-packet.ts";
import { type Lowered, lowered, loweredPlace, nothing } from "./lowered.ts";
import { valueWidth } from "./memory.ts";
import { movesPacket } from "./moves-packet.ts";
import { alignmentOf } from "./place.ts";
import { newRecord } from "./record.ts";
import type { ReturnTarget } from "./return-target.ts";

/** A call whose value is wanted. */
export function lowerCall(node: CallNode, lowering: FunctionLowering): Lowered {
  if (node.function.linkage !== "inline") return callSeparate(node, lowering);
  const { builder } = lowering;
  const { returnType, fresh } = node.function;
  const after = builder.block();
  if (returnType.kind === "void") {
    inlineCall(node, { kind: "nothing", after }, lowering);
    lowering.continueAt(after);
    return nothing;
  }
  if (returnType.kind === "record" && fresh) {
    const place = newRecord(returnType.layout, lowering);
    inlineCall(node, { kind: "record", place, after }, lowering);
    lowering.continueAt(after);
    return loweredPlace(place);
  }
  const variable = builder.variable(valueWidth(returnType));
  inlineCall(node, { kind: "variable", variable, after }, lowering);
  lowering.continueAt(after);
  return lowered(builder.read(variable));
}

/** Makes the body of the called function part of this one. The blocks of `target` are left for the caller to enter. */
export function inlineCall(node: CallNode, target: ReturnTarget, lowering: FunctionLowering): void {
  const { builder } = lowering;
  const called = node.function;
  const values = node.arguments.map((argument) => lowering.expression(argument));
  const inPacket = node.arguments.map((argument) => argument.type.kind === "record" && isInPacket(argument, lowering));
  for (const [index, parameter] of called.parameters.entries()) {
    const value = values[index];
    if (value === undefined) continue;
    bindParameter(parameter, value, lowering, inPacket[index]);
  }
  const { returnTarget } = lowering;
  lowering.returnTarget = target;
  lowering.within(node, () => lowering.statement(called.body));
  lowering.returnTarget = returnTarget;
  // Where the end of the body can be reached, the function gives nothing.
  if (target.kind === "nothing") builder.jump(target.after);
}

function bindParameter(parameter: Local, value: Lowered, lowering: FunctionLowering, inPacket = false): void {
  if (value.kind === "place") {
    lowering.bind(parameter, { kind: "place", place: value.place });
    return;
  }
  if (value.kind === "nothing") return;
  bindValue(parameter, value.value, lowering, inPacket);
}

/** A parameter may be assigned to, so it is a variable of its own. */
export function bindValue(parameter: Local, value: Value, lowering: FunctionLowering, inPacket = false): void {
  const variable = lowering.builder.variable(value.width === 64 ? 64 : 32);
  lowering.builder.write(variable, value);
  lowering.bind(parameter, { kind: "variable", variable });
  if (inPacket) lowering.packetVariables.add(variable);
}

function callSeparate(node: CallNode, lowering: FunctionLowering): Lowered {
  const { builder } = lowering;
  const moves = movesPacket(node.function);
  if (moves && !lowering.mayMovePacket) throw new Mistake("WEIR1503", node.span, node.function.name);
  const results = node.arguments.map((argument) => {
    const value = lowering.expression(argument);
    if (value.kind === "nothing") throw new Error("an argument has no value");
    return value.kind === "place"
      ? { value: lowering.address(value.place), alignment: alignmentOf(value.place) }
      : { value: value.value, alignment: undefined };
  });
  const values = results.map(({ value }) => value);
  const places = node.arguments.map((argument, index) => ({
    inPacket: argument.type.kind === "record" && isInPacket(argument, lowering),
    alignment: results[index]?.alignment,
  }));
  const form = calledForm(node, places, lowering.given);
  const { name } = lowering.module.subprogram(form);
  const result = builder.callFunction(name, form.takesContext ? [...values, lowering.context] : values);
  if (moves) lowering.packetMoved();
  const { returnType } = node.function;
  if (returnType.kind === "void") return nothing;
  // The verifier, which looks at a global function for itself, does not know how narrow its result is.
  if (isScalar(returnType) && node.function.linkage === "global")
    return lowered(convertValue(result, u64, returnType, lowering));
  const narrow = returnType.kind === "boolean" || (isScalar(returnType) && returnType.bits < 64);
  return lowered(narrow ? builder.truncate(result, 32) : result);
}
