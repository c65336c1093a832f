import { helperNumber } from "@weir/bytecode";
import { Mistake } from "../../diagnostics/mistake.ts";
import { lowered, nothing } from "../../lowering/lowered.ts";
import { isFresh } from "../../tree/fresh.ts";
import { recordType, voidType } from "../../types/kernel-type.ts";
import { i32, u64 } from "../../types/scalar.ts";
import { argument, optionalArgument, structArgument } from "../arguments.ts";
import type { Builtin } from "../builtin.ts";
import { nth } from "../nth.ts";
import { handed, sizeOf } from "./in-memory.ts";
import { callMap, mapOf, noteRecord } from "./map-of.ts";
import { recordArgument } from "./record-argument.ts";

/** `BPF_RB_AVAIL_DATA` */
const AVAILABLE_DATA = 0n;

/** What ends a reservation. */
function ending(name: "submit" | "discard"): Builtin {
  return {
    name: `ring.${name}`,
    releases: true,
    check(call, typing) {
      const record = recordArgument(call, 0, typing);
      if (isFresh(record)) throw new Mistake("WEIR1702", argument(call, 0).span);
      return { type: voidType, arguments: [record, optionalArgument(call, 1, 0n, typing)] };
    },
    lower(node, lowering) {
      const record = lowering.value(nth(node, 0));
      lowering.builder.callHelper(helperNumber(`bpf_ringbuf_${name}`), [record, lowering.value(nth(node, 1))]);
      return nothing;
    },
    interpret(node, interpreter) {
      const record = interpreter.reference(nth(node, 0));
      interpreter.integer(nth(node, 1));
      if (name === "submit") interpreter.map(mapOf(node)).append(record.memory);
      return undefined;
    },
  };
}

/** `BPF_MAP_TYPE_RINGBUF`. That each reservation ends is checked by `checks/reservations.ts`. */
export const ringBufferBuiltins: readonly Builtin[] = [
  {
    name: "ring.reserve",
    check: (call, typing) => ({ type: recordType(structArgument(call, 0, typing), true), arguments: [] }),
    lower(node, lowering) {
      const { builder } = lowering;
      noteRecord(node, node, lowering);
      const size = builder.constant(64, BigInt(sizeOf(node.type)));
      return lowered(callMap("bpf_ringbuf_reserve", node, [size, builder.constant(64, 0n)], lowering));
    },
    interpret: (node) => ({ memory: new Uint8Array(sizeOf(node.type)), offset: 0 }),
  },
  ending("submit"),
  ending("discard"),
  {
    name: "ring.output",
    check: (call, typing) => ({
      type: i32,
      arguments: [recordArgument(call, 0, typing), optionalArgument(call, 1, 0n, typing)],
    }),
    lower(node, lowering) {
      const { builder } = lowering;
      const record = nth(node, 0);
      noteRecord(node, record, lowering);
      const size = builder.constant(64, BigInt(sizeOf(record.type)));
      const data = handed(record, lowering);
      const flags = lowering.value(nth(node, 1));
      return lowered(builder.truncate(callMap("bpf_ringbuf_output", node, [data(), size, flags], lowering), 32));
    },
    interpret(node, interpreter) {
      const record = interpreter.handed(nth(node, 0));
      interpreter.integer(nth(node, 1));
      interpreter.map(mapOf(node)).append(record());
      return 0n;
    },
  },
  {
    name: "ring.waiting",
    check: () => ({ type: u64, arguments: [] }),
    lower: (node, lowering) =>
      lowered(callMap("bpf_ringbuf_query", node, [lowering.builder.constant(64, AVAILABLE_DATA)], lowering)),
    interpret: (node, interpreter) => interpreter.map(mapOf(node)).waiting,
  },
];
