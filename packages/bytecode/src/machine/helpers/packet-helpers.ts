import { EFAULT, EINVAL } from "../errno.ts";
import type { HelperCall, Helpers } from "./helper-call.ts";

/** What `bpf_xdp_pointer()` in net/core/filter.c takes, as offset and as length. */
const FURTHEST = 0xffff;

/** Where a part of the packet lies, or the error number. */
function part(call: HelperCall): { readonly offset: number; readonly length: number } | bigint {
  const offset = call.word(1);
  const length = call.word(3);
  if (offset > FURTHEST || length > FURTHEST) return EFAULT;
  return offset + length > call.packet.length ? EINVAL : { offset, length };
}

function load(call: HelperCall): bigint {
  const found = part(call);
  if (typeof found === "bigint") return found;
  call.memory.write(call.argument(2), call.packet.copyOut(found.offset, found.length));
  return 0n;
}

/** Of `bpf_skb_load_bytes`: the target holds zeros when it fails. */
function loadFromSocketBuffer(call: HelperCall): bigint {
  const [offset, length] = [call.word(1), call.word(3)];
  if (offset <= 0x7fff_ffff && offset + length <= call.packet.length) return load(call);
  call.memory.write(call.argument(2), new Uint8Array(length));
  return EFAULT;
}

/** `BPF_F_RECOMPUTE_CSUM` and `BPF_F_INVALIDATE_HASH`. */
const STORE_FLAGS = 3n;

export const packetHelpers: Helpers = {
  bpf_xdp_get_buff_len: (call) => BigInt(call.packet.length),
  bpf_xdp_load_bytes: load,
  bpf_xdp_store_bytes: (call) => {
    const found = part(call);
    if (typeof found === "bigint") return found;
    call.packet.copyIn(found.offset, call.bytes(2, found.length));
    return 0n;
  },
  bpf_xdp_adjust_head: (call) => call.packet.adjustHead(call.integer(1)),
  bpf_xdp_adjust_meta: (call) => call.packet.adjustMeta(call.integer(1)),
  bpf_xdp_adjust_tail: (call) => call.packet.adjustTail(call.integer(1)),
  bpf_skb_load_bytes: loadFromSocketBuffer,
  bpf_skb_store_bytes: (call) => {
    const [offset, length] = [call.word(1), call.word(3)];
    if ((call.argument(4) & ~STORE_FLAGS) !== 0n) return EINVAL;
    if (offset > 0x7fff_ffff || offset + length > call.packet.length) return EFAULT;
    call.packet.copyIn(offset, call.bytes(2, length));
    return 0n;
  },
  bpf_skb_pull_data: () => 0n,
};
