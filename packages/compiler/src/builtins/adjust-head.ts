import { helperNumber } from "@weir/bytecode";
import { Mistake } from "../diagnostics/mistake.ts";
import { lowered } from "../lowering/lowered.ts";
import { i32 } from "../types/scalar.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { nth } from "./nth.ts";

/** `packet.adjustHead(by)`: moves the start of the packet; records that were found before are dead (`checks/stale-records.ts`). */
export const adjustHead: Builtin = {
  name: "packet.adjustHead",
  check(call, typing) {
    const by = typing.value(argument(call, 0), i32);
    return { type: i32, arguments: call.receiver === undefined ? [] : [call.receiver, by] };
  },
  lower(node, lowering) {
    // A subprogram's caller would not know that its own records are dead.
    if (!lowering.mayMovePacket) throw new Mistake("WEIR1503", node.span);
    const { builder } = lowering;
    const by = builder.signExtend(lowering.value(nth(node, 1)), 32, 64);
    const result = builder.callHelper(helperNumber("bpf_xdp_adjust_head"), [lowering.packet.context, by]);
    lowering.packetMoved();
    return lowered(builder.truncate(result, 32));
  },
  interpret: (node, interpreter) => interpreter.adjustHead(Number(interpreter.integer(nth(node, 1)))),
};
