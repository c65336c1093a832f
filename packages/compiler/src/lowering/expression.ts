import type { Value } from "@weir/codegen";
import type { ConfigDeclaration } from "../constants/constant.ts";
import type { MemoryNode } from "../tree/access.ts";
import type { Expression } from "../tree/expression.ts";
import type { LocalNode } from "../tree/leaf.ts";
import type { BinaryNode, ConditionalNode, ConvertNode } from "../tree/operation.ts";
import type { OptionalNode } from "../tree/optional.ts";
import { isScalar } from "../types/kernel-type.ts";
import { lowerAssign, lowerUpdate } from "./assignment.ts";
import { lowerCall } from "./call.ts";
import { convertValue } from "./convert.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { lowerKernelField } from "./kernel-field.ts";
import { type Lowered, lowered, loweredPlace } from "./lowered.ts";
import { loadScalar, registerWidth, valueWidth } from "./memory.ts";
import { lowerOperation } from "./operator.ts";
import { lowerOptional } from "./optional.ts";
import { partPlace } from "./part.ts";
import { lowerRecord } from "./record.ts";

export function lowerExpression(node: Expression, lowering: FunctionLowering): Lowered {
  const { builder } = lowering;
  switch (node.kind) {
    case "literal":
      return lowered(builder.constant(isScalar(node.type) ? registerWidth(node.type) : 32, node.value));
    case "null":
      return lowered(builder.constant(64, 0n));
    case "config":
      return lowered(lowerConfig(node.config, lowering));
    case "local":
      return lowerLocal(node, lowering);
    case "member":
    case "element":
    case "global":
      return lowerPart(node, lowering);
    case "kernel-field":
      return lowerKernelField(node, lowering);
    case "convert":
      return lowered(lowerConvert(node, lowering));
    case "binary":
      return lowered(lowerBinary(node, lowering));
    case "compare":
    case "null-test":
    case "logical":
    case "not":
      return lowered(lowerBoolean(node, lowering));
    case "optional":
      return lowered(lowerOptionalValue(node, lowering));
    case "conditional":
      return lowered(lowerConditional(node, lowering));
    case "assign":
      return lowerAssign(node, lowering);
    case "update":
      return lowered(lowerUpdate(node, lowering));
    case "call":
      return lowerCall(node, lowering);
    case "builtin":
      return node.builtin.lower(node, lowering);
    case "record":
      return loweredPlace(lowerRecord(node, lowering));
    case "list":
      throw new Error("a list is part of a new record");
  }
}

function lowerConfig({ name, type, fixed }: ConfigDeclaration, { builder }: FunctionLowering): Value {
  if (fixed !== undefined) return builder.constant(registerWidth(type), fixed);
  const value = builder.config(name, type.bits);
  return type.signed && type.bits < 32 ? builder.signExtend(value, type.bits === 8 ? 8 : 16, 32) : value;
}

function lowerLocal({ local }: LocalNode, lowering: FunctionLowering): Lowered {
  const binding = lowering.binding(local);
  if (binding.kind === "place") return loweredPlace(binding.place);
  return lowered(lowering.builder.read(binding.variable));
}

/** A field, an element, a global variable: its value when it is a scalar, else where it is. */
function lowerPart(node: MemoryNode, lowering: FunctionLowering): Lowered {
  if (node.type.kind === "boolean") return lowered(lowerBoolean(node, lowering));
  const place = partPlace(node, lowering);
  if (!isScalar(node.type)) return loweredPlace(place);
  return lowered(loadScalar(lowering.builder, place, 0, node.type));
}

function lowerConvert({ operand, type }: ConvertNode, lowering: FunctionLowering): Value {
  const value = lowering.value(operand);
  return isScalar(operand.type) ? convertValue(value, operand.type, type, lowering) : value;
}

function lowerBinary(node: BinaryNode, lowering: FunctionLowering): Value {
  const left = lowering.value(node.left);
  const right = lowering.value(node.right);
  return lowerOperation(node.operator, node.type, left, right, lowering);
}

/** A condition whose value is wanted: 0 or 1. */
function lowerBoolean(node: Expression, lowering: FunctionLowering): Value {
  const { builder } = lowering;
  const variable = builder.variable(32);
  const [whenTrue, whenFalse, after] = [builder.block(), builder.block(), builder.block()];
  lowering.condition(node, whenTrue, whenFalse);
  for (const [block, value] of [
    [whenTrue, 1n],
    [whenFalse, 0n],
  ] as const) {
    lowering.continueAt(block);
    builder.write(variable, builder.constant(32, value));
    builder.jump(after);
  }
  lowering.continueAt(after);
  return builder.read(variable);
}

function lowerConditional(node: ConditionalNode, lowering: FunctionLowering): Value {
  const { builder } = lowering;
  const { type } = node;
  const variable = builder.variable(valueWidth(type));
  const after = builder.block();
  if (type.kind === "record" && type.nullable) {
    lowering.nullable(node, variable, after, after);
  } else {
    const [whenTrue, whenFalse] = [builder.block(), builder.block()];
    lowering.condition(node.condition, whenTrue, whenFalse);
    lowering.continueAt(whenTrue);
    builder.write(variable, lowering.value(node.whenTrue));
    builder.jump(after);
    lowering.continueAt(whenFalse);
    builder.write(variable, lowering.value(node.whenFalse));
    builder.jump(after);
  }
  lowering.continueAt(after);
  return builder.read(variable);
}

function lowerOptionalValue(node: OptionalNode, lowering: FunctionLowering): Value {
  const { builder } = lowering;
  const { type } = node;
  const variable = builder.variable(valueWidth(type));
  const after = builder.block();
  if (type.kind === "record" && type.nullable) {
    lowering.nullable(node, variable, after, after);
  } else {
    const write = (value: Expression) => () => {
      builder.write(variable, lowering.value(value));
      builder.jump(after);
    };
    lowerOptional(node, write(node.whenFound), write(node.otherwise), lowering);
  }
  lowering.continueAt(after);
  return builder.read(variable);
}
