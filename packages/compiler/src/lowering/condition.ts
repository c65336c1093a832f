import type { Block, Comparison } from "@weir/codegen";
import type { ComparisonOperator } from "../syntax/operators.ts";
import type { CompareNode, Expression } from "../tree/expression.ts";
import { isScalar } from "../types/kernel-type.ts";
import { inlineCall } from "./call.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { registerWidth } from "./memory.ts";
import { lowerNullable } from "./nullable.ts";

/** Lowers what decides a branch straight to jumps, without making a boolean first. */
export function lowerCondition(node: Expression, whenTrue: Block, whenFalse: Block, lowering: FunctionLowering): void {
  const { builder } = lowering;
  switch (node.kind) {
    case "literal":
      return builder.jump(node.value === 0n ? whenFalse : whenTrue);
    case "not":
      return lowerCondition(node.operand, whenFalse, whenTrue, lowering);
    case "logical": {
      const second = builder.block();
      if (node.operator === "&&") lowerCondition(node.left, second, whenFalse, lowering);
      else lowerCondition(node.left, whenTrue, second, lowering);
      lowering.continueAt(second);
      return lowerCondition(node.right, whenTrue, whenFalse, lowering);
    }
    case "conditional": {
      const first = builder.block();
      const second = builder.block();
      lowerCondition(node.condition, first, second, lowering);
      lowering.continueAt(first);
      lowerCondition(node.whenTrue, whenTrue, whenFalse, lowering);
      lowering.continueAt(second);
      return lowerCondition(node.whenFalse, whenTrue, whenFalse, lowering);
    }
    case "compare":
      return lowerComparison(node, whenTrue, whenFalse, lowering);
    case "null-test":
      return lowerNullTest(
        node.operand,
        node.whenNull ? whenFalse : whenTrue,
        node.whenNull ? whenTrue : whenFalse,
        lowering,
      );
    case "call":
      if (!node.function.separate) return inlineCall(node, { kind: "condition", whenTrue, whenFalse }, lowering);
  }
  builder.branch("ne", 32, lowering.value(node), builder.constant(32, 0n), whenTrue, whenFalse);
}

const unsigned: Readonly<Record<ComparisonOperator, Comparison>> = {
  "===": "eq",
  "!==": "ne",
  "<": "ult",
  "<=": "ule",
  ">": "ugt",
  ">=": "uge",
};
const signed: Readonly<Record<ComparisonOperator, Comparison>> = {
  ...unsigned,
  "<": "slt",
  "<=": "sle",
  ">": "sgt",
  ">=": "sge",
};

function lowerComparison(node: CompareNode, whenTrue: Block, whenFalse: Block, lowering: FunctionLowering): void {
  const { builder } = lowering;
  const left = lowering.value(node.left);
  const right = lowering.value(node.right);
  const { type } = node.left;
  const comparison = (isScalar(type) && type.signed ? signed : unsigned)[node.operator];
  const width = isScalar(type) ? registerWidth(type) : 32;
  builder.branch(comparison, width, left, right, whenTrue, whenFalse);
}

function lowerNullTest(operand: Expression, notNull: Block, isNull: Block, lowering: FunctionLowering): void {
  const { builder, pending } = lowering;
  if (pending !== undefined && operand.kind === "local" && operand.local === pending.local) {
    lowering.pending = undefined;
    lowering.continueAt(pending.notNull);
    builder.jump(notNull);
    lowering.continueAt(pending.isNull);
    builder.jump(isNull);
    return;
  }
  lowerNullable(operand, builder.variable(64), notNull, isNull, lowering);
}
