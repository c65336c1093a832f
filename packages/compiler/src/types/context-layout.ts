import { array, be16, be32, type Layout, type StructLayout, u32, u64 } from "@weir/bytecode/layout";
import type { ContextKind } from "./kernel-type.ts";

/** What a context is to the kernel. */
export interface ContextLayout {
  /** The kernel's name for it, in BTF. */
  readonly name: string;
  /** The structure that the kernel itself has in its place. */
  readonly inKernel: string;
  readonly layout: StructLayout;
  /** Where the packet's start, end and metadata are; undefined when there is no packet. */
  readonly packet: { readonly data: number; readonly end: number; readonly meta: number } | undefined;
}

/** Fields at the places where the kernel has them; what programs do not read by name is left out. */
function context(
  size: number,
  fields: Readonly<Record<string, readonly [offset: number, layout: Layout]>>,
): StructLayout {
  return Object.freeze({
    kind: "struct",
    members: Object.fromEntries(Object.entries(fields).map(([name, [, layout]]) => [name, layout])),
    fields: Object.entries(fields).map(([name, [offset, layout]]) => Object.freeze({ name, offset, layout })),
    size,
    alignment: 8,
  });
}

/** `struct xdp_md`, `struct __sk_buff` and `struct bpf_sock_ops`. */
export const contextLayouts: Readonly<Record<ContextKind, ContextLayout>> = {
  packet: {
    name: "xdp_md",
    inKernel: "xdp_buff",
    layout: context(24, { ingressInterface: [12, u32], receiveQueue: [16, u32], egressInterface: [20, u32] }),
    packet: { data: 0, end: 4, meta: 8 },
  },
  buffer: {
    name: "__sk_buff",
    inKernel: "sk_buff",
    layout: context(192, {
      totalLength: [0, u32],
      packetType: [4, u32],
      mark: [8, u32],
      queue: [12, u32],
      // 32 bits, of which the network's two bytes are the first.
      protocol: [16, be16],
      hasVlan: [20, u32],
      vlanControl: [24, u32],
      vlanProtocol: [28, be16],
      priority: [32, u32],
      ingressInterface: [36, u32],
      interface: [40, u32],
      trafficIndex: [44, u32],
      scratch: [48, array(u32, 5)],
      hash: [68, u32],
      trafficClass: [72, u32],
      timestamp: [152, u64],
      wireLength: [160, u32],
      segments: [164, u32],
      segmentSize: [176, u32],
    }),
    packet: { data: 76, end: 80, meta: 140 },
  },
  socket: {
    name: "bpf_sock_ops",
    inKernel: "bpf_sock_ops_kern",
    layout: context(224, {
      operation: [0, u32],
      reply: [4, u32],
      arguments: [4, array(u32, 4)],
      family: [20, u32],
      remoteIp4: [24, be32],
      localIp4: [28, be32],
      remoteIp6: [32, array(be32, 4)],
      localIp6: [48, array(be32, 4)],
      remotePort: [64, be32],
      localPort: [68, u32],
      isFullSocket: [72, u32],
      congestionWindow: [76, u32],
      smoothedRtt: [80, u32],
      callbackFlags: [84, u32],
      state: [88, u32],
      rttMinimum: [92, u32],
      slowStartThreshold: [96, u32],
      segmentSize: [112, u32],
      packetsOut: [128, u32],
      retransmitsOut: [132, u32],
      retransmits: [136, u32],
      segmentsIn: [140, u32],
      segmentsOut: [148, u32],
      lostOut: [156, u32],
      bytesReceived: [168, u64],
      bytesAcknowledged: [176, u64],
    }),
    packet: undefined,
  },
};
