import type { HelperName } from "@weir/bytecode";
import { Mistake } from "../../diagnostics/mistake.ts";
import { ENOENT } from "../../interpreter/errno.ts";
import { lowered } from "../../lowering/lowered.ts";
import { recordType, typeOfLayout } from "../../types/kernel-type.ts";
import { i32 } from "../../types/scalar.ts";
import { argument } from "../arguments.ts";
import type { Builtin } from "../builtin.ts";
import { nth } from "../nth.ts";
import { handed } from "./in-memory.ts";
import { modeArgument } from "./keyed-map.ts";
import { callMap, mapOf, recordOf, valueLayoutOf } from "./map-of.ts";

/** Writes the next value over a record. */
function taking(name: "pop" | "peek", helper: HelperName): Builtin {
  return {
    name: `queue.${name}`,
    inMemory: 0,
    check(call, typing) {
      if (mapOf(call).value?.kind !== "struct")
        throw new Mistake("WEIR1305", call.span, `the value of ${mapOf(call).name}`);
      return { type: i32, arguments: [typing.value(argument(call, 0), recordType(recordOf(call)))] };
    },
    lower(node, lowering) {
      const target = lowering.address(lowering.place(nth(node, 0)));
      return lowered(lowering.builder.truncate(callMap(helper, node, [target], lowering), 32));
    },
    interpret(node, interpreter) {
      const target = interpreter.reference(nth(node, 0));
      const value = interpreter.map(mapOf(node)).next(name === "pop");
      // The kernel clears what it cannot fill.
      target.memory.set(value ?? new Uint8Array(valueLayoutOf(node).size), target.offset);
      return value === undefined ? ENOENT : 0n;
    },
  };
}

/** `BPF_MAP_TYPE_QUEUE` and `BPF_MAP_TYPE_STACK`. */
export const queueMapBuiltins: readonly Builtin[] = [
  {
    name: "queue.push",
    check(call, typing) {
      const value = typing.value(argument(call, 0), typeOfLayout(valueLayoutOf(call)));
      return { type: i32, arguments: [value, modeArgument(call, 1, typing)] };
    },
    lower(node, lowering) {
      const value = handed(nth(node, 0), lowering);
      const mode = lowering.value(nth(node, 1));
      return lowered(lowering.builder.truncate(callMap("bpf_map_push_elem", node, [value(), mode], lowering), 32));
    },
    interpret(node, interpreter) {
      const value = interpreter.handed(nth(node, 0));
      const mode = interpreter.integer(nth(node, 1));
      return interpreter.map(mapOf(node)).push(value(), mode);
    },
  },
  taking("pop", "bpf_map_pop_elem"),
  taking("peek", "bpf_map_peek_elem"),
];
