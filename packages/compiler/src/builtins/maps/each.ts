import { type CallbackForm, lowerCallback } from "../../lowering/callback.ts";
import { lowered } from "../../lowering/lowered.ts";
import { recordType, typeOfLayout } from "../../types/kernel-type.ts";
import { u32 } from "../../types/scalar.ts";
import { typeCallback } from "../../typing/callback.ts";
import { argument } from "../arguments.ts";
import type { Builtin } from "../builtin.ts";
import { callMap, mapOf, recordOf } from "./map-of.ts";

/** The map itself comes first. */
const FORM: CallbackForm = {
  parameters: [
    { argument: 1, is: "address" },
    { argument: 2, is: "address" },
  ],
  arguments: 4,
  readOnly: 1,
  shared: 3,
};

const each: Omit<Builtin, "name"> = {
  check(call, typing) {
    const { key } = mapOf(call);
    const given = [key === undefined ? u32 : typeOfLayout(key), recordType(recordOf(call))];
    return { type: u32, arguments: [], callback: typeCallback("each", argument(call, 0), given, typing) };
  },
  lower(node, lowering) {
    const { builder } = lowering;
    const callback = lowerCallback(node, FORM, lowering);
    const rest = [callback.address, callback.shared, builder.constant(64, 0n)];
    const seen = callMap("bpf_for_each_map_elem", node, rest, lowering);
    callback.takeBack();
    return lowered(builder.truncate(seen, 32));
  },
  interpret(node, interpreter) {
    let seen = 0n;
    for (const [key, value] of interpreter.map(mapOf(node)).references()) {
      seen += 1n;
      if (interpreter.callBack(node, [key, value])) break;
    }
    return seen;
  },
};

/** `map.each((key, value) => …)` of arrays and hash maps. */
export const eachBuiltins: readonly Builtin[] = [
  { name: "array.each", ...each },
  { name: "hash.each", ...each },
];
