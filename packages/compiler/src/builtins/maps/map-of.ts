import { type HelperName, helperNumber } from "@weir/bytecode";
import type { Layout, StructLayout } from "@weir/bytecode/layout";
import type { Value } from "@weir/codegen";
import type { MapDeclaration } from "../../constants/constant.ts";
import { Mistake } from "../../diagnostics/mistake.ts";
import type { FunctionLowering } from "../../lowering/function-lowering.ts";
import type { BuiltinNode } from "../../tree/call.ts";
import type { Expression } from "../../tree/expression.ts";
import type { BuiltinCall } from "../builtin.ts";

/** The map that a call is made on. */
export function mapOf({ map, span }: Pick<BuiltinCall, "map" | "span">): MapDeclaration {
  if (map === undefined) throw new Mistake("WEIR1202", span, "this");
  return map;
}

/** The layout of the map's values. */
export function valueLayoutOf(call: Pick<BuiltinCall, "map" | "span">): Layout {
  const { value, name } = mapOf(call);
  if (value === undefined) throw new Error(`map ${name} has no values`);
  return value;
}

/** What a look-up in the map gives. */
export function recordOf(call: Pick<BuiltinCall, "map" | "span">): StructLayout {
  const { record, name } = mapOf(call);
  if (record === undefined) throw new Error(`map ${name} has no values`);
  return record;
}

/** Calls a helper whose first argument is the map, or the second where `before` is the first. */
export function callMap(
  helper: HelperName,
  node: BuiltinNode,
  rest: readonly Value[],
  lowering: FunctionLowering,
  ...before: readonly Value[]
): Value {
  const { builder } = lowering;
  const map = node.found === undefined ? builder.mapAddress(mapOf(node).name) : lowering.value(node.found);
  return builder.callHelper(helperNumber(helper), [...before, map, ...rest]);
}

/** Notes what a map carries to user space. */
export function noteRecord(node: BuiltinNode, { type }: Expression | BuiltinNode, lowering: FunctionLowering): void {
  if (type.kind === "record") lowering.module.noteRecord(mapOf(node), type.layout);
}
