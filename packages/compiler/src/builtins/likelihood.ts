import { lowered } from "../lowering/lowered.ts";
import { booleanType } from "../types/kernel-type.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { only } from "./nth.ts";

/** `likely(condition)` and `unlikely(condition)`: the condition, and what it mostly is; see the lowering of conditions. */
export const likelihoodBuiltins: readonly Builtin[] = (["likely", "unlikely"] as const).map((name) => ({
  name,
  check: (call, typing) => ({ type: booleanType, arguments: [typing.condition(argument(call, 0))] }),
  lower: (node, lowering) => lowered(lowering.value(only(node))),
  lowerCondition(node, whenTrue, whenFalse, lowering) {
    const { builder } = lowering;
    builder.seldom(name === "likely" ? whenFalse : whenTrue, () => lowering.condition(only(node), whenTrue, whenFalse));
  },
  interpret: (node, interpreter) => interpreter.evaluate(only(node)),
}));
