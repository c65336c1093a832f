import { lowered } from "../../lowering/lowered.ts";
import { i32 } from "../../types/scalar.ts";
import type { Builtin } from "../builtin.ts";
import { only } from "../nth.ts";
import { addressOf, sizeOf } from "./in-memory.ts";
import { callMap, mapOf, noteRecord } from "./map-of.ts";
import { recordArgument } from "./record-argument.ts";

const BPF_F_CURRENT_CPU = 0xffff_ffffn;

/** `BPF_MAP_TYPE_PERF_EVENT_ARRAY`. */
export const perfEventArrayBuiltins: readonly Builtin[] = [
  {
    name: "events.output",
    takesContext: true,
    check: (call, typing) => ({ type: i32, arguments: [recordArgument(call, 0, typing)] }),
    lower(node, lowering) {
      const { builder } = lowering;
      const record = only(node);
      noteRecord(node, record, lowering);
      const data = addressOf(record, lowering);
      const size = builder.constant(64, BigInt(sizeOf(record.type)));
      const rest = [builder.constant(64, BPF_F_CURRENT_CPU), data, size];
      return lowered(
        builder.truncate(callMap("bpf_perf_event_output", node, rest, lowering, lowering.contextFor(node.span)), 32),
      );
    },
    interpret(node, interpreter) {
      interpreter.map(mapOf(node)).append(interpreter.bytes(only(node)));
      return 0n;
    },
  },
];
