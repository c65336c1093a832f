import { helperNumber } from "@weir/bytecode";
import { lowered } from "../lowering/lowered.ts";
import type { Expression } from "../tree/expression.ts";
import { u32 } from "../types/scalar.ts";
import type { Builtin, BuiltinCall, CheckedCall } from "./builtin.ts";
import { packetContexts } from "./packet-at.ts";

const check = ({ receiver }: BuiltinCall): CheckedCall => {
  const receivers: readonly Expression[] = receiver === undefined ? [] : [receiver];
  return { type: u32, arguments: receivers };
};

/** What is known of a packet besides its bytes, and stands in no field of what the program is given. */
export const packetFields: readonly Builtin[] = [
  ...packetContexts.map(
    (kind): Builtin => ({
      name: `${kind}.length`,
      check,
      lower: (_node, { builder, packet }) =>
        lowered(builder.truncate(builder.binary("sub", 64, packet.end, packet.data), 32)),
      interpret: (_node, interpreter) => BigInt(interpreter.packet.bytes.length),
    }),
  ),
  {
    name: "packet.totalLength",
    check,
    lower: (_node, { builder, context }) =>
      lowered(builder.truncate(builder.callHelper(helperNumber("bpf_xdp_get_buff_len"), [context]), 32)),
    interpret: (_node, interpreter) => BigInt(interpreter.packet.bytes.length),
  },
];
