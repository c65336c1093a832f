import { type HelperName, helperNumber } from "@weir/bytecode";
import { Mistake } from "../diagnostics/mistake.ts";
import { lowered } from "../lowering/lowered.ts";
import { i32 } from "../types/scalar.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { nth } from "./nth.ts";

/** The helpers after which records of the packet that were found before are dead (`checks/stale-records.ts`). */
export const adjustingHelpers: ReadonlyMap<string, HelperName> = new Map([
  ["packet.adjustHead", "bpf_xdp_adjust_head"],
  ["packet.adjustTail", "bpf_xdp_adjust_tail"],
]);

/** `packet.adjustHead(by)` and `packet.adjustTail(by)`: move the start, or the end, of the packet. */
export const adjustBuiltins: readonly Builtin[] = [...adjustingHelpers].map(([name, helper]) => ({
  name,
  check(call, typing) {
    const by = typing.value(argument(call, 0), i32);
    return { type: i32, arguments: call.receiver === undefined ? [] : [call.receiver, by] };
  },
  lower(node, lowering) {
    // A subprogram's caller would not know that its own records are dead.
    if (!lowering.mayMovePacket) throw new Mistake("WEIR1503", node.span, name.slice("packet.".length));
    const { builder } = lowering;
    const by = builder.signExtend(lowering.value(nth(node, 1)), 32, 64);
    const result = builder.callHelper(helperNumber(helper), [lowering.packet.context, by]);
    lowering.packetMoved();
    return lowered(builder.truncate(result, 32));
  },
  interpret(node, interpreter) {
    const by = Number(interpreter.integer(nth(node, 1)));
    return name === "packet.adjustHead" ? interpreter.adjustHead(by) : interpreter.adjustTail(by);
  },
}));
