import type { Block, Comparison } from "@weir/codegen";
import type { ComparisonOperator } from "../syntax/operators.ts";
import type { Expression } from "../tree/expression.ts";
import type { CompareNode } from "../tree/operation.ts";
import { isScalar } from "../types/kernel-type.ts";
import { u8 } from "../types/scalar.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { loadScalar, registerWidth } from "./memory.ts";
import { lowerOptional } from "./optional.ts";
import { partPlace } from "./part.ts";

/** Lowers what decides a branch straight to jumps, without making a boolean first. */
export function lowerCondition(node: Expression, whenTrue: Block, whenFalse: Block, lowering: FunctionLowering): void {
  const { builder } = lowering;
  switch (node.kind) {
    case "literal":
      builder.jump(node.value === 0n ? whenFalse : whenTrue);
      return;
    case "not":
      lowering.condition(node.operand, whenFalse, whenTrue);
      return;
    case "logical": {
      const second = builder.block();
      if (node.operator === "&&") lowering.condition(node.left, second, whenFalse);
      else lowering.condition(node.left, whenTrue, second);
      lowering.continueAt(second);
      lowering.condition(node.right, whenTrue, whenFalse);
      return;
    }
    case "conditional": {
      const first = builder.block();
      const second = builder.block();
      lowering.condition(node.condition, first, second);
      lowering.continueAt(first);
      lowering.condition(node.whenTrue, whenTrue, whenFalse);
      lowering.continueAt(second);
      lowering.condition(node.whenFalse, whenTrue, whenFalse);
      return;
    }
    case "compare":
      lowerComparison(node, whenTrue, whenFalse, lowering);
      return;
    case "null-test":
      lowerNullTest(node.operand, node.whenNull ? whenFalse : whenTrue, node.whenNull ? whenTrue : whenFalse, lowering);
      return;
    case "member":
    case "element":
    case "global":
      // Any byte but 0 is true, whoever wrote it.
      builder.branch(
        "ne",
        32,
        loadScalar(builder, partPlace(node, lowering), 0, u8),
        builder.constant(32, 0n),
        whenTrue,
        whenFalse,
      );
      return;
    case "optional":
      lowerOptional(
        node,
        () => lowering.condition(node.whenFound, whenTrue, whenFalse),
        () => lowering.condition(node.otherwise, whenTrue, whenFalse),
        lowering,
      );
      return;
    case "builtin":
      if (node.builtin.lowerCondition !== undefined) {
        node.builtin.lowerCondition(node, whenTrue, whenFalse, lowering);
        return;
      }
      break;
    case "call":
      if (node.function.linkage === "inline") {
        lowering.inline(node, { kind: "condition", whenTrue, whenFalse });
        return;
      }
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
  lowering.nullable(operand, builder.variable(64), notNull, isNull);
}
