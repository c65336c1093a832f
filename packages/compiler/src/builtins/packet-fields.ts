import { helperNumber } from "@weir/bytecode";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { lowered } from "../lowering/lowered.ts";
import type { Expression } from "../tree/expression.ts";
import { u32 } from "../types/scalar.ts";
import type { Builtin, BuiltinCall, CheckedCall } from "./builtin.ts";

/** Bytes into `struct xdp_md`. */
const INGRESS_INTERFACE = 12;
const RECEIVE_QUEUE = 16;

const check = ({ receiver }: BuiltinCall): CheckedCall => {
  const receivers: readonly Expression[] = receiver === undefined ? [] : [receiver];
  return { type: u32, arguments: receivers };
};

const contextField = (offset: number) => (_node: unknown, lowering: FunctionLowering) =>
  lowered(lowering.builder.load(32, lowering.packet.context, offset));

/** What is known of a packet besides its bytes. */
export const packetFields: readonly Builtin[] = [
  {
    name: "packet.length",
    check,
    lower: (_node, { builder, packet }) =>
      lowered(builder.truncate(builder.binary("sub", 64, packet.end, packet.data), 32)),
    interpret: (_node, interpreter) => BigInt(interpreter.packet.length),
  },
  {
    name: "packet.totalLength",
    check,
    lower: (_node, { builder, packet }) =>
      lowered(builder.truncate(builder.callHelper(helperNumber("bpf_xdp_get_buff_len"), [packet.context]), 32)),
    interpret: (_node, interpreter) => BigInt(interpreter.packet.length),
  },
  {
    name: "packet.ingressInterface",
    check,
    lower: contextField(INGRESS_INTERFACE),
    interpret: (_node, interpreter) => interpreter.ambient("ingressInterface"),
  },
  {
    name: "packet.receiveQueue",
    check,
    lower: contextField(RECEIVE_QUEUE),
    interpret: (_node, interpreter) => interpreter.ambient("receiveQueue"),
  },
];
