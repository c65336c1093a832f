import { type HelperName, helperNumber } from "@weir/bytecode";
import { Mistake } from "../diagnostics/mistake.ts";
import type { MovingPacket } from "../interpreter/moving-packet.ts";
import { lowered } from "../lowering/lowered.ts";
import { i32 } from "../types/scalar.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { nth } from "./nth.ts";

const moves: readonly (readonly [
  name: string,
  helper: HelperName,
  interpret: (by: number, packet: MovingPacket) => bigint,
])[] = [
  ["packet.adjustHead", "bpf_xdp_adjust_head", (by, packet) => packet.adjustHead(by)],
  ["packet.adjustTail", "bpf_xdp_adjust_tail", (by, packet) => packet.adjustTail(by)],
  ["packet.adjustMeta", "bpf_xdp_adjust_meta", (by, packet) => packet.adjustMeta(by)],
];

/** `packet.adjustHead(by)` and its like: move the start, or the end, of the packet, or of the metadata before it. */
export const adjustBuiltins: readonly Builtin[] = moves.map(([name, helper, interpret]) => ({
  name,
  movesPacket: true,
  check(call, typing) {
    const by = typing.value(argument(call, 0), i32);
    return { type: i32, arguments: call.receiver === undefined ? [] : [call.receiver, by] };
  },
  lower(node, lowering) {
    // The function around would not know that its own records are dead.
    if (!lowering.mayMovePacket) throw new Mistake("WEIR1503", node.span, name.slice("packet.".length));
    const { builder } = lowering;
    const by = builder.signExtend(lowering.value(nth(node, 1)), 32, 64);
    const result = builder.callHelper(helperNumber(helper), [lowering.context, by]);
    lowering.packetMoved();
    return lowered(builder.truncate(result, 32));
  },
  interpret: (node, interpreter) => interpret(Number(interpreter.integer(nth(node, 1))), interpreter.packet),
}));
