import { lowered } from "../../lowering/lowered.ts";
import { booleanType, typeOfLayout } from "../../types/kernel-type.ts";
import { i32 } from "../../types/scalar.ts";
import { argument } from "../arguments.ts";
import type { Builtin } from "../builtin.ts";
import { only } from "../nth.ts";
import { addressOf } from "./in-memory.ts";
import { callMap, mapOf, valueLayoutOf } from "./map-of.ts";

/** `BPF_MAP_TYPE_BLOOM_FILTER`. */
export const bloomFilterBuiltins: readonly Builtin[] = [
  {
    name: "bloom.add",
    check: (call, typing) => ({
      type: i32,
      arguments: [typing.value(argument(call, 0), typeOfLayout(valueLayoutOf(call)))],
    }),
    lower(node, lowering) {
      const { builder } = lowering;
      const value = addressOf(only(node), lowering);
      const result = callMap("bpf_map_push_elem", node, [value, builder.constant(64, 0n)], lowering);
      return lowered(builder.truncate(result, 32));
    },
    interpret(node, interpreter) {
      interpreter.map(mapOf(node)).add(interpreter.bytes(only(node)));
      return 0n;
    },
  },
  {
    name: "bloom.mayHave",
    check: (call, typing) => ({
      type: booleanType,
      arguments: [typing.value(argument(call, 0), typeOfLayout(valueLayoutOf(call)))],
    }),
    lower(node, lowering) {
      const { builder } = lowering;
      const missing = callMap("bpf_map_peek_elem", node, [addressOf(only(node), lowering)], lowering);
      const variable = builder.variable(32);
      const [absent, present, after] = [builder.block(), builder.block(), builder.block()];
      builder.branch("ne", 64, missing, builder.constant(64, 0n), absent, present);
      for (const [block, value] of [
        [absent, 0n],
        [present, 1n],
      ] as const) {
        lowering.continueAt(block);
        builder.write(variable, builder.constant(32, value));
        builder.jump(after);
      }
      lowering.continueAt(after);
      return lowered(builder.read(variable));
    },
    // The kernel also says yes to some that were never added; which ones, depends on a seed.
    interpret: (node, interpreter) => (interpreter.map(mapOf(node)).has(interpreter.bytes(only(node))) ? 1n : 0n),
  },
];
