import type { Block, Variable } from "@weir/codegen";
import { lowerPacketAccess } from "../builtins/packet-at.ts";
import type { Expression } from "../tree/expression.ts";
import type { Local } from "../tree/local.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { lowerOptional } from "./optional.ts";

/** The two ways on after a variable was given a record or null. */
export interface NullableBranch {
  readonly local: Local;
  readonly notNull: Block;
  readonly isNull: Block;
}

/**
 * Gives a variable a record or null and branches on which. So the check that `packet.at` makes is the one that the program
 * asks for, and no second one is needed.
 */
export function lowerNullable(
  node: Expression,
  variable: Variable,
  notNull: Block,
  isNull: Block,
  lowering: FunctionLowering,
): void {
  const { builder } = lowering;
  if (node.kind === "null") {
    builder.write(variable, builder.constant(64, 0n));
    builder.jump(isNull);
  } else if (node.kind === "builtin" && node.builtin.reachesPacket) {
    lowerPacketAccess(node, variable, notNull, isNull, lowering);
  } else if (node.kind === "local" && node.local === lowering.pending?.local) {
    lowerPending(lowering.pending, variable, notNull, isNull, lowering);
  } else if (node.kind === "optional") {
    lowerOptional(
      node,
      () => lowering.nullable(node.whenFound, variable, notNull, isNull),
      () => lowering.nullable(node.otherwise, variable, notNull, isNull),
      lowering,
    );
  } else if (node.kind === "conditional") {
    const whenTrue = builder.block();
    const whenFalse = builder.block();
    lowering.condition(node.condition, whenTrue, whenFalse);
    lowering.continueAt(whenTrue);
    lowering.nullable(node.whenTrue, variable, notNull, isNull);
    lowering.continueAt(whenFalse);
    lowering.nullable(node.whenFalse, variable, notNull, isNull);
  } else if (node.kind === "call" && node.function.linkage === "inline") {
    lowering.inline(node, { kind: "nullable", variable, notNull, isNull });
  } else {
    const address = lowering.value(node);
    builder.write(variable, address);
    // A pointer inside the kernel may be null whatever it is said to be.
    const nullable =
      node.type.kind === "kernel" ||
      (node.type.kind === "map" && node.type.nullable) ||
      (node.type.kind === "record" && node.type.nullable);
    if (nullable) builder.branch("eq", 64, address, builder.constant(64, 0n), isNull, notNull);
    else builder.jump(notNull);
  }
}

/** The ways on that are open are the ones that are asked for. */
function lowerPending(
  pending: NullableBranch,
  variable: Variable,
  notNull: Block,
  isNull: Block,
  lowering: FunctionLowering,
): void {
  const { builder } = lowering;
  const binding = lowering.binding(pending.local);
  if (binding.kind !== "variable") throw new Error(`${pending.local.name} cannot be null`);
  lowering.pending = undefined;
  for (const [from, to] of [
    [pending.notNull, notNull],
    [pending.isNull, isNull],
  ] as const) {
    lowering.continueAt(from);
    builder.write(variable, builder.read(binding.variable));
    builder.jump(to);
  }
}
