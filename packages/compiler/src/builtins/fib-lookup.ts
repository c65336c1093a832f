import { helperNumber } from "@weir/bytecode";
import { Mistake } from "../diagnostics/mistake.ts";
import { lowered } from "../lowering/lowered.ts";
import { i32, u32 } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { nth } from "./nth.ts";
import { packetContexts } from "./packet-at.ts";

/** `sizeof(struct bpf_fib_lookup)`. */
const SIZE = 64;

/** `packet.fibLookup(request, flags)`: asks the kernel's routing tables; the answer is written over the question. */
export const fibLookup: readonly Builtin[] = packetContexts.map((kind) => ({
  name: `${kind}.fibLookup`,
  inMemory: 1,
  check(call, typing) {
    const syntax = argument(call, 0);
    const request = typing.expression(syntax);
    const { type } = request;
    if (type.kind !== "record" || type.layout.size !== SIZE) {
      throw new Mistake("WEIR1108", syntax.span, `a record of ${SIZE} bytes`, typeName(type, typing.layoutNames));
    }
    if (type.nullable) throw new Mistake("WEIR1109", syntax.span);
    const flags = typing.value(argument(call, 1), u32);
    return { type: i32, arguments: call.receiver === undefined ? [] : [call.receiver, request, flags] };
  },
  lower(node, lowering) {
    const { builder } = lowering;
    const request = lowering.address(lowering.place(nth(node, 1)));
    const flags = lowering.value(nth(node, 2));
    const size = builder.constant(64, BigInt(SIZE));
    const { context } = lowering;
    const result = builder.callHelper(helperNumber("bpf_fib_lookup"), [context, request, size, flags]);
    return lowered(builder.truncate(result, 32));
  },
  interpret: (_node, interpreter) => interpreter.ambient("fibLookup"),
}));
