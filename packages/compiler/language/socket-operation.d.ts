import type { be32, Elements, u32, u64 } from "@weir/bytecode/layout";
import type { Socket } from "./maps/sk-storage-map.js";

/** What happens to a TCP socket (`struct bpf_sock_ops`): what `sockops` programs run for. */
export interface SocketOperation {
  /** What it is: `BPF_SOCK_OPS_…`. */
  readonly operation: SocketOperationCode;
  /** The program's answer, where the operation asks for one. */
  reply: u32;
  /** What the operation tells besides: of a change of state the old state and the new one. */
  readonly arguments: Elements<u32>;
  /** `AF_INET` (2) or `AF_INET6` (10). */
  readonly family: u32;
  readonly remoteIp4: be32;
  readonly localIp4: be32;
  readonly remoteIp6: Elements<be32>;
  readonly localIp6: Elements<be32>;
  readonly remotePort: be32;
  /** In the machine's byte order. */
  readonly localPort: u32;
  /** Not 0 when the fields below can be read. */
  readonly isFullSocket: u32;
  /** Packets. */
  readonly congestionWindow: u32;
  /** Eighths of a microsecond. */
  readonly smoothedRtt: u32;
  readonly callbackFlags: u32;
  readonly state: u32;
  readonly rttMinimum: u32;
  readonly slowStartThreshold: u32;
  readonly segmentSize: u32;
  readonly packetsOut: u32;
  readonly retransmitsOut: u32;
  readonly retransmits: u32;
  readonly segmentsIn: u32;
  readonly segmentsOut: u32;
  readonly lostOut: u32;
  readonly bytesReceived: u64;
  readonly bytesAcknowledged: u64;
  /** The socket itself (Linux 5.3). */
  readonly socket: Socket | null;
}

export type SocketOperationCode = u32 & { readonly __socketOperation?: never };
/** A connection is about to be opened, by this machine. */
export declare const BPF_SOCK_OPS_TCP_CONNECT_CB: SocketOperationCode;
/** A connection that this machine opened is established. */
export declare const BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB: SocketOperationCode;
/** A connection that the other side opened is established. */
export declare const BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB: SocketOperationCode;
/** A retransmission timeout; must be asked for with `bpf_sock_ops_cb_flags_set`, as those below. */
export declare const BPF_SOCK_OPS_RTO_CB: SocketOperationCode;
export declare const BPF_SOCK_OPS_RETRANS_CB: SocketOperationCode;
/** A change of state. */
export declare const BPF_SOCK_OPS_STATE_CB: SocketOperationCode;
/** A round trip was measured. */
export declare const BPF_SOCK_OPS_RTT_CB: SocketOperationCode;
