import { Mistake } from "../../diagnostics/mistake.ts";
import { lowered } from "../../lowering/lowered.ts";
import type { Expression } from "../../tree/expression.ts";
import { holdsKernelOwned } from "../../types/kernel-owned.ts";
import { mapType, recordType, typeOfLayout } from "../../types/kernel-type.ts";
import { i32, u32 } from "../../types/scalar.ts";
import type { Typing } from "../../typing/typing.ts";
import { argument, optionalArgument } from "../arguments.ts";
import type { Builtin, BuiltinCall } from "../builtin.ts";
import { nth } from "../nth.ts";
import { addressOf, handed } from "./in-memory.ts";
import { callMap, mapOf, recordOf, valueLayoutOf } from "./map-of.ts";

function checkKey(call: BuiltinCall, typing: Typing): Expression {
  const { key } = mapOf(call);
  return typing.value(argument(call, 0), key === undefined ? u32 : typeOfLayout(key));
}

const BPF_ANY = 0n;

/** `BPF_ANY` where nothing is said. */
export const modeArgument = (call: BuiltinCall, index: number, typing: Typing): Expression =>
  optionalArgument(call, index, BPF_ANY, typing);

const lookup: Omit<Builtin, "name"> = {
  check: (call, typing) => ({ type: recordType(recordOf(call), true), arguments: [checkKey(call, typing)] }),
  lower: (node, lowering) =>
    lowered(callMap("bpf_map_lookup_elem", node, [addressOf(nth(node, 0), lowering)], lowering)),
  interpret: (node, interpreter) => interpreter.map(mapOf(node)).lookup(interpreter.bytes(nth(node, 0))),
};

/** The value of another CPU. */
const lookupOn: Omit<Builtin, "name"> = {
  check(call, typing) {
    const key = checkKey(call, typing);
    return { type: recordType(recordOf(call), true), arguments: [key, typing.value(argument(call, 1), u32)] };
  },
  lower(node, lowering) {
    const key = handed(nth(node, 0), lowering);
    const cpu = lowering.value(nth(node, 1));
    return lowered(callMap("bpf_map_lookup_percpu_elem", node, [key(), cpu], lowering));
  },
  interpret(node, interpreter) {
    const key = interpreter.handed(nth(node, 0));
    // A map as one CPU sees it: the others are not there.
    const isThis = interpreter.integer(nth(node, 1)) === interpreter.ambient("cpuNumber");
    return isThis ? interpreter.map(mapOf(node)).lookup(key()) : null;
  },
};

/** `lookup` of a map of maps. */
const lookupMap: Builtin = {
  name: "maps.lookup",
  check(call, typing) {
    const { inner } = mapOf(call);
    if (inner === undefined) throw new Error("a map of maps has maps in it");
    return { type: mapType(inner, true), arguments: [checkKey(call, typing)] };
  },
  lower: lookup.lower,
  // User space puts maps into maps: here it has put none.
  interpret(node, interpreter) {
    interpreter.bytes(nth(node, 0));
    return null;
  },
};

/** `lookup`, `update` and `delete` of arrays and hash maps. */
export const keyedMapBuiltins: readonly Builtin[] = [
  lookupMap,
  { name: "array.lookup", ...lookup },
  { name: "hash.lookup", ...lookup },
  { name: "array.lookupOn", ...lookupOn },
  { name: "hash.lookupOn", ...lookupOn },
  {
    name: "hash.update",
    check(call, typing) {
      const key = checkKey(call, typing);
      const layout = valueLayoutOf(call);
      const value = typing.value(argument(call, 1), typeOfLayout(layout));
      if (holdsKernelOwned(layout) && value.kind !== "record") throw new Mistake("WEIR1310", argument(call, 1).span);
      return { type: i32, arguments: [key, value, modeArgument(call, 2, typing)] };
    },
    lower(node, lowering) {
      const key = handed(nth(node, 0), lowering);
      const value = handed(nth(node, 1), lowering);
      const flags = lowering.value(nth(node, 2));
      const result = callMap("bpf_map_update_elem", node, [key(), value(), flags], lowering);
      return lowered(lowering.builder.truncate(result, 32));
    },
    interpret(node, interpreter) {
      const key = interpreter.handed(nth(node, 0));
      const value = interpreter.handed(nth(node, 1));
      const mode = interpreter.integer(nth(node, 2));
      return interpreter.map(mapOf(node)).update(key(), value(), mode);
    },
  },
  {
    name: "hash.delete",
    check: (call, typing) => ({ type: i32, arguments: [checkKey(call, typing)] }),
    lower(node, lowering) {
      const key = addressOf(nth(node, 0), lowering);
      return lowered(lowering.builder.truncate(callMap("bpf_map_delete_elem", node, [key], lowering), 32));
    },
    interpret: (node, interpreter) => interpreter.map(mapOf(node)).delete(interpreter.bytes(nth(node, 0))),
  },
];
