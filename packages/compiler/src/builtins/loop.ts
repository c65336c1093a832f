import { helperNumber } from "@weir/bytecode";
import { E2BIG } from "../interpreter/errno.ts";
import { lowerCallback } from "../lowering/callback.ts";
import { lowered } from "../lowering/lowered.ts";
import { i32, u32 } from "../types/scalar.ts";
import { typeCallback } from "../typing/callback.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { only } from "./nth.ts";

/** `BPF_MAX_LOOPS`. */
const MOST_TURNS = 1n << 23n;

/** `loop(count, (index) => …)`: the verifier looks at one turn, however many there are. */
export const loop: Builtin = {
  name: "loop",
  countsTurns: true,
  check(call, typing) {
    const count = typing.value(argument(call, 0), u32);
    return {
      type: i32,
      arguments: [count],
      callback: typeCallback("loop", argument(call, 1), [u32], typing),
    };
  },
  lower(node, lowering) {
    const { builder } = lowering;
    const count = lowering.value(only(node));
    const turns = builder.variable(32);
    builder.write(turns, builder.constant(32, 0n));
    const [some, after] = [builder.block(), builder.block()];
    // Where a verifier knows that there is no turn, it deletes the callback, and misses it afterwards: so that it deletes the call, too.
    builder.branch("ne", 32, count, builder.constant(32, 0n), some, after);
    lowering.continueAt(some);
    const callback = lowerCallback(
      node,
      { parameters: [{ argument: 0, is: "value" }], arguments: 2, shared: 1 },
      lowering,
    );
    const given = [count, callback.address, callback.shared, builder.constant(64, 0n)];
    const result = builder.callHelper(helperNumber("bpf_loop"), given);
    callback.takeBack();
    builder.write(turns, builder.truncate(result, 32));
    builder.jump(after);
    lowering.continueAt(after);
    return lowered(builder.read(turns));
  },
  interpret(node, interpreter) {
    const count = interpreter.integer(only(node));
    if (count > MOST_TURNS) return E2BIG;
    for (let index = 0n; index < count; index++) {
      if (interpreter.callBack(node, [index])) return index + 1n;
    }
    return count;
  },
};
