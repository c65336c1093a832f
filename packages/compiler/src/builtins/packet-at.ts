import type { Block, Variable } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { lowered } from "../lowering/lowered.ts";
import type { BuiltinNode } from "../tree/call.ts";
import { recordType } from "../types/kernel-type.ts";
import { u32 } from "../types/scalar.ts";
import { argument, structArgument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { nth } from "./nth.ts";

/** `MAX_PACKET_OFF` of the verifier. */
const FURTHEST = 0xffff;

/** What has a packet in it. */
export const packetContexts = ["packet", "buffer"] as const;

/** `packet.at(Layout, offset)`: the only way to the bytes of a packet. */
export const packetAt: readonly Builtin[] = packetContexts.map((kind) => ({
  name: `${kind}.at`,
  reachesPacket: true,
  check(call, typing) {
    const layout = structArgument(call, 0, typing);
    if (layout.size > FURTHEST) throw new Mistake("WEIR1502", call.span, layout.size);
    const offset = typing.value(argument(call, 1), u32);
    return { type: recordType(layout, true), arguments: call.receiver === undefined ? [] : [call.receiver, offset] };
  },
  lower(node, lowering) {
    const { builder } = lowering;
    const variable = builder.variable(64);
    const after = builder.block();
    lowerPacketAccess(node, variable, after, after, lowering);
    lowering.continueAt(after);
    return lowered(builder.read(variable));
  },
  interpret(node, interpreter) {
    const offset = Number(interpreter.integer(nth(node, 1)));
    const inside = offset + sizeOf(node) <= interpreter.packet.bytes.length;
    return inside ? { memory: interpreter.packet.bytes, offset } : null;
  },
}));

/** `packet.metaAt(Layout, offset)`: the bytes before the packet that `adjustMeta` made room for. */
export const packetMetaAt: readonly Builtin[] = packetContexts.map((kind) => ({
  name: `${kind}.metaAt`,
  check(call, typing) {
    const layout = structArgument(call, 0, typing);
    const offset = typing.value(argument(call, 1), u32);
    return { type: recordType(layout, true), arguments: call.receiver === undefined ? [] : [call.receiver, offset] };
  },
  lower(node, lowering) {
    const { builder } = lowering;
    const offset = lowering.value(nth(node, 1));
    const variable = builder.variable(64);
    const [inside, outside, after] = [builder.block(), builder.block(), builder.block()];
    const [start, end] = [lowering.packetMeta, lowering.packet.data];
    const address = builder.packetAccess(start, end, offset, sizeOf(node), inside, outside);
    for (const [block, value] of [
      [inside, address],
      [outside, builder.constant(64, 0n)],
    ] as const) {
      lowering.continueAt(block);
      builder.write(variable, value);
      builder.jump(after);
    }
    lowering.continueAt(after);
    return lowered(builder.read(variable));
  },
  interpret(node, interpreter) {
    const offset = Number(interpreter.integer(nth(node, 1)));
    const inside = offset + sizeOf(node) <= interpreter.packet.meta.length;
    return inside ? { memory: interpreter.packet.meta, offset } : null;
  },
}));

const sizeOf = ({ type }: BuiltinNode): number => (type.kind === "record" ? type.layout.size : 0);

/** Gives the variable the record's address, or 0, and goes to one block or the other. */
export function lowerPacketAccess(
  node: BuiltinNode,
  variable: Variable,
  notNull: Block,
  isNull: Block,
  lowering: FunctionLowering,
): void {
  const { builder, packet } = lowering;
  const offset = lowering.value(nth(node, 1));
  const [inside, outside] = [builder.block(), builder.block()];
  const address = builder.packetAccess(packet.data, packet.end, offset, sizeOf(node), inside, outside);
  lowering.continueAt(inside);
  builder.write(variable, address);
  builder.jump(notNull);
  lowering.continueAt(outside);
  builder.write(variable, builder.constant(64, 0n));
  builder.jump(isNull);
}
