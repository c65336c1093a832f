import { type HelperName, helperNumber } from "@weir/bytecode";
import type { Value } from "@weir/codegen";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { type Lowered, lowered } from "../lowering/lowered.ts";
import type { BuiltinNode } from "../tree/call.ts";
import type { Expression } from "../tree/expression.ts";
import { isScalar, recordType, typeOfLayout } from "../types/kernel-type.ts";
import { i32, u32, u64 } from "../types/scalar.ts";
import { literal } from "../typing/literal.ts";
import type { Typing } from "../typing/typing.ts";
import { argument } from "./arguments.ts";
import type { Builtin, BuiltinCall } from "./builtin.ts";
import { mapOf } from "./map-of.ts";
import { nth } from "./nth.ts";

function checkKey(call: BuiltinCall, typing: Typing): Expression {
  const { key } = mapOf(call);
  return typing.value(argument(call, 0), key === undefined ? u32 : typeOfLayout(key));
}

const checkLookup: Builtin["check"] = (call, typing) => ({
  type: recordType(mapOf(call).value, true),
  arguments: [checkKey(call, typing)],
});

/** The address of a key: a scalar is written to the stack for that. */
function keyAddress(node: Expression, lowering: FunctionLowering): Value {
  if (!isScalar(node.type)) return lowering.pointer(node);
  const { builder } = lowering;
  const value = lowering.value(node);
  const bytes = node.type.bits / 8;
  const slot = builder.stackSlot(bytes, bytes);
  builder.store(node.type.bits, slot, 0, value);
  return slot;
}

function callMap(helper: HelperName, node: BuiltinNode, rest: readonly Value[], lowering: FunctionLowering): Value {
  const { builder } = lowering;
  return builder.callHelper(helperNumber(helper), [builder.mapAddress(mapOf(node).name), ...rest]);
}

function lowerLookup(node: BuiltinNode, lowering: FunctionLowering): Lowered {
  const key = keyAddress(nth(node, 0), lowering);
  return lowered(callMap("bpf_map_lookup_elem", node, [key], lowering));
}

const interpretLookup: Builtin["interpret"] = (node, interpreter) =>
  interpreter.map(mapOf(node)).lookup(interpreter.bytes(nth(node, 0)));

export const mapBuiltins: readonly Builtin[] = [
  { name: "array.lookup", check: checkLookup, lower: lowerLookup, interpret: interpretLookup },
  { name: "hash.lookup", check: checkLookup, lower: lowerLookup, interpret: interpretLookup },
  {
    name: "hash.update",
    check(call, typing) {
      const key = checkKey(call, typing);
      const value = typing.value(argument(call, 1), recordType(mapOf(call).value));
      const mode = call.arguments[2];
      // BPF_ANY where nothing is said.
      const flags = mode === undefined ? literal(u64, 0n, call.span) : typing.value(mode, u64);
      return { type: i32, arguments: [key, value, flags] };
    },
    lower(node, lowering) {
      const key = keyAddress(nth(node, 0), lowering);
      const value = lowering.pointer(nth(node, 1));
      const flags = lowering.value(nth(node, 2));
      const result = callMap("bpf_map_update_elem", node, [key, value, flags], lowering);
      return lowered(lowering.builder.truncate(result, 32));
    },
    interpret(node, interpreter) {
      const key = interpreter.bytes(nth(node, 0));
      const value = interpreter.bytes(nth(node, 1));
      return interpreter.map(mapOf(node)).update(key, value, interpreter.integer(nth(node, 2)));
    },
  },
  {
    name: "hash.delete",
    check: (call, typing) => ({ type: i32, arguments: [checkKey(call, typing)] }),
    lower(node, lowering) {
      const key = keyAddress(nth(node, 0), lowering);
      return lowered(lowering.builder.truncate(callMap("bpf_map_delete_elem", node, [key], lowering), 32));
    },
    interpret: (node, interpreter) => interpreter.map(mapOf(node)).delete(interpreter.bytes(nth(node, 0))),
  },
];
