import { helperNumber } from "@weir/bytecode";
import { Mistake } from "../diagnostics/mistake.ts";
import { EFAULT, EINVAL } from "../interpreter/errno.ts";
import { lowered } from "../lowering/lowered.ts";
import type { BuiltinNode } from "../tree/call.ts";
import { i32, u32, u64 } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { convert } from "../typing/coerce.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { nth } from "./nth.ts";
import { packetContexts } from "./packet-at.ts";
import { placeAt } from "./view.ts";

const helpers = { packet: "bpf_xdp_load_bytes", buffer: "bpf_skb_load_bytes" } as const;
/** What `bpf_xdp_pointer()` in net/core/filter.c takes, as offset and as length. */
const FURTHEST = 0xffffn;

/** `packet.copyTo(bytes, at, offset, length)`: bytes of the packet, from all its buffers, into memory. */
export const packetCopy: readonly Builtin[] = packetContexts.map((kind) => ({
  name: `${kind}.copyTo`,
  inMemory: 1,
  check(call, typing) {
    const syntax = argument(call, 0);
    const target = typing.expression(syntax);
    const { type } = target;
    if (type.kind !== "array") throw new Mistake("WEIR1108", syntax.span, "bytes", typeName(type, typing.layoutNames));
    const at = convert(typing.value(argument(call, 1), u32), u64);
    const [offset, length] = [2, 3].map((index) => typing.value(argument(call, index), u32));
    if (call.receiver === undefined || offset === undefined || length === undefined) {
      throw new Mistake("WEIR1405", call.span, "`copyTo`", 4, call.arguments.length);
    }
    return { type: i32, arguments: [call.receiver, target, at, offset, length] };
  },
  lower(node, lowering) {
    const { builder, context } = lowering;
    const to = lowering.address(placeAt(lowering.place(nth(node, 1)), nth(node, 2), lowering));
    const [offset, length] = [lowering.value(nth(node, 3)), lowering.value(nth(node, 4))];
    const result = builder.callHelper(helperNumber(helpers[kind]), [context, offset, to, length]);
    return lowered(builder.truncate(result, 32));
  },
  interpret(node, interpreter) {
    const target = interpreter.reference(nth(node, 1));
    const [at, offset, length] = [2, 3, 4].map((index) => interpreter.integer(nth(node, index)));
    if (at === undefined || offset === undefined || length === undefined) throw new Error("a copy lacks an argument");
    if (length === 0n || at + length > sizeOf(node)) {
      throw new RangeError(`${length} bytes at ${at} of ${sizeOf(node)}`);
    }
    if (offset > FURTHEST || length > FURTHEST) return EFAULT;
    if (offset + length > BigInt(interpreter.packet.bytes.length)) return EINVAL;
    const copied = interpreter.packet.bytes.slice(Number(offset), Number(offset + length));
    target.memory.set(copied, target.offset + Number(at));
    return 0n;
  },
}));

function sizeOf(node: BuiltinNode): bigint {
  const { type } = nth(node, 1);
  return BigInt(type.kind === "array" ? type.layout.size : 0);
}
