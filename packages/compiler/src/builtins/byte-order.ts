import { lowered } from "../lowering/lowered.ts";
import { byteOrderWords, swapBytes } from "../types/byte-order.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { only } from "./nth.ts";

/** `ntohs` and its family: the bytes of an integer in the other order. */
export const byteOrderBuiltins: readonly Builtin[] = byteOrderWords.map(({ name, from, to }) => ({
  name,
  check: (call, typing) => ({ type: to, arguments: [typing.value(argument(call, 0), from)] }),
  lower: (node, lowering) =>
    lowered(lowering.builder.byteSwap(to.bits === 8 ? 16 : to.bits, lowering.value(only(node)))),
  interpret: (node, interpreter) => swapBytes(to.bits, interpreter.integer(only(node))),
}));
