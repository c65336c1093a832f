import type { Value } from "@weir/codegen";
import type { Interpreter } from "../../interpreter/interpreter.ts";
import type { FunctionLowering } from "../../lowering/function-lowering.ts";
import { lowered } from "../../lowering/lowered.ts";
import type { BuiltinNode } from "../../tree/call.ts";
import type { Expression } from "../../tree/expression.ts";
import { recordType, typeOfLayout } from "../../types/kernel-type.ts";
import { i32, u32 } from "../../types/scalar.ts";
import { literal } from "../../typing/literal.ts";
import type { Typing } from "../../typing/typing.ts";
import { argument } from "../arguments.ts";
import type { Builtin, BuiltinCall } from "../builtin.ts";
import { nth } from "../nth.ts";
import { copier, handed, sizeOf } from "./in-memory.ts";
import { modeArgument } from "./keyed-map.ts";
import { callMap, mapOf, recordOf, valueLayoutOf } from "./map-of.ts";

/** Bytes of the prefix length before the key. */
const LENGTH = 4;

function checkKey(call: BuiltinCall, typing: Typing): Expression {
  const { key } = mapOf(call);
  if (key === undefined) throw new Error("a map of prefixes has a key");
  return typing.value(argument(call, 0), typeOfLayout(key));
}

/** Evaluates the key, and gives its address with the length of its prefix before it, so placed that the key begins at a multiple of 8. */
function handedKey(node: BuiltinNode, lowering: FunctionLowering): () => Value {
  const { builder } = lowering;
  const key = nth(node, 0);
  const copy = copier(key, lowering);
  const prefixLength = lowering.value(nth(node, 1));
  return () => {
    const slot = builder.stackSlot(LENGTH + LENGTH + sizeOf(key.type), 8);
    builder.store(32, slot, LENGTH, prefixLength);
    copy(slot, LENGTH + LENGTH);
    return builder.binary("add", 64, slot, builder.constant(64, BigInt(LENGTH)));
  };
}

const keyOf = (node: BuiltinNode, lowering: FunctionLowering): Value => handedKey(node, lowering)();

function keyBytes(node: BuiltinNode, interpreter: Interpreter): () => Uint8Array {
  const key = interpreter.handed(nth(node, 0));
  const prefixLength = interpreter.bytes(nth(node, 1));
  return () => Uint8Array.of(...prefixLength, ...key());
}

/** `lookup`, `update` and `delete` of a map of prefixes (`BPF_MAP_TYPE_LPM_TRIE`). */
export const prefixMapBuiltins: readonly Builtin[] = [
  {
    name: "prefixes.lookup",
    check(call, typing) {
      const key = checkKey(call, typing);
      const bits = literal(u32, BigInt(sizeOf(key.type) * 8), call.span);
      return { type: recordType(recordOf(call), true), arguments: [key, bits] };
    },
    lower: (node, lowering) => lowered(callMap("bpf_map_lookup_elem", node, [keyOf(node, lowering)], lowering)),
    interpret: (node, interpreter) => interpreter.map(mapOf(node)).lookup(keyBytes(node, interpreter)()),
  },
  {
    name: "prefixes.update",
    check(call, typing) {
      const key = checkKey(call, typing);
      const prefixLength = typing.value(argument(call, 1), u32);
      const value = typing.value(argument(call, 2), typeOfLayout(valueLayoutOf(call)));
      return { type: i32, arguments: [key, prefixLength, value, modeArgument(call, 3, typing)] };
    },
    lower(node, lowering) {
      const key = handedKey(node, lowering);
      const value = handed(nth(node, 2), lowering);
      const flags = lowering.value(nth(node, 3));
      const result = callMap("bpf_map_update_elem", node, [key(), value(), flags], lowering);
      return lowered(lowering.builder.truncate(result, 32));
    },
    interpret(node, interpreter) {
      const key = keyBytes(node, interpreter);
      const value = interpreter.handed(nth(node, 2));
      const mode = interpreter.integer(nth(node, 3));
      return interpreter.map(mapOf(node)).update(key(), value(), mode);
    },
  },
  {
    name: "prefixes.delete",
    check: (call, typing) => ({
      type: i32,
      arguments: [checkKey(call, typing), typing.value(argument(call, 1), u32)],
    }),
    lower: (node, lowering) =>
      lowered(lowering.builder.truncate(callMap("bpf_map_delete_elem", node, [keyOf(node, lowering)], lowering), 32)),
    interpret: (node, interpreter) => interpreter.map(mapOf(node)).delete(keyBytes(node, interpreter)()),
  },
];
