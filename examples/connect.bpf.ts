/** Tells which process connects to where over TCP and IPv4, from the kernel's own change of a socket's state. */
import type { be16, be32, i32, u16, u32 } from "@weir/bytecode/layout";
import { type KernelStruct, ringBuffer, tpBtf } from "@weir/compiler/language";
import { bpf_get_current_comm, bpf_get_current_pid_tgid } from "@weir/compiler/language/helpers";
import { Connect } from "./records.ts";

interface sock_common extends KernelStruct<"sock_common"> {
  readonly skc_family: u16;
  readonly skc_daddr: be32;
  readonly skc_dport: be16;
}
interface sock extends KernelStruct<"sock"> {
  readonly __sk_common: sock_common;
}

const AF_INET = 2;
const TCP_SYN_SENT = 2;
export const CONNECTS = ringBuffer({ size: 65_536 });

export const trace_connect = tpBtf("inet_sock_set_state", (socket: sock, _from: i32, to: i32) => {
  const { skc_family, skc_daddr, skc_dport } = socket.__sk_common;
  if (to !== TCP_SYN_SENT || skc_family !== AF_INET) return;
  const connect = CONNECTS.reserve(Connect);
  if (connect === null) return;
  // The process itself is at work here; the answer will come in an interrupt.
  connect.process = (bpf_get_current_pid_tgid() >> 32) as u32;
  connect.destination = skc_daddr;
  connect.port = skc_dport;
  bpf_get_current_comm(connect.name, 16);
  CONNECTS.submit(connect);
});
