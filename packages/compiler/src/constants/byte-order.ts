import { byteOrderWords, swapBytes } from "../types/byte-order.ts";
import { holds } from "../types/scalar.ts";
import type { WordCallEvaluator } from "./word-call.ts";

/** `htons(0x0800)` is a constant. */
export const byteOrderCalls: ReadonlyMap<string, WordCallEvaluator> = new Map(
  byteOrderWords.map(({ name, from, to }) => [
    name,
    ({ call, constants }) => {
      const [argument] = call.arguments;
      const constant = argument && constants.evaluate(argument);
      if (constant?.kind !== "integer" || (constant.type !== undefined && constant.type !== from)) return undefined;
      if (!holds(from, constant.value)) return undefined;
      return { kind: "integer", value: swapBytes(from.bits, constant.value), type: to, inverted: false };
    },
  ]),
);
