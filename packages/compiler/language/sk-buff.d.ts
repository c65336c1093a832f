import type { be16, Elements, i32, StructLayout, u8, u32, u64, Value } from "@weir/bytecode/layout";
import type { Socket } from "./maps/sk-storage-map.js";

/** A packet as the kernel's stack has it (`struct __sk_buff`): what `tcx` programs run for. */
export interface SkBuff {
  /** Bytes that the program can reach directly: the whole packet, or its first part. */
  readonly length: u32;
  /** Bytes of the whole packet. */
  readonly totalLength: u32;
  /** `PACKET_HOST` (0), `PACKET_BROADCAST` (1), `PACKET_MULTICAST` (2), `PACKET_OTHERHOST` (3), `PACKET_OUTGOING` (4). */
  readonly packetType: u32;
  /** A number that firewall rules and routing rules can ask for. */
  mark: u32;
  /** Queue that it came from, or is to go to. */
  queue: u32;
  /** EtherType. */
  readonly protocol: be16;
  /** Not 0 when a VLAN tag has been taken out of the packet. */
  readonly hasVlan: u32;
  /** Priority, drop eligibility and number of the VLAN. */
  readonly vlanControl: u32;
  readonly vlanProtocol: be16;
  priority: u32;
  readonly ingressInterface: u32;
  /** The interface that the program runs at. */
  readonly interface: u32;
  trafficIndex: u32;
  /** 20 bytes that go with the packet from one program to the next. */
  readonly scratch: Elements<u32>;
  readonly hash: u32;
  trafficClass: u32;
  /** Nanoseconds: when it is to be sent, or when it came in. */
  timestamp: u64;
  /** Bytes on the wire, of all segments of a packet that the network card is to divide. */
  readonly wireLength: u32;
  readonly segments: u32;
  readonly segmentSize: u32;
  /** The socket that it is sent by, or that the kernel has found for it already; null where there is none (Linux 5.1). */
  readonly socket: Socket | null;
  /**
   * The record at `offset` bytes into the packet, or null when it is not completely inside what can be reached directly. As `at` of
   * an `XdpPacket`.
   */
  at<L extends StructLayout>(layout: L, offset: u32): Value<L> | null;
  /** The record at `offset` bytes into the metadata that an XDP program has left, or null. */
  metaAt<L extends StructLayout>(layout: L, offset: u32): Value<L> | null;
  /** Copies bytes of the packet; as `copyTo` of an `XdpPacket` (`bpf_skb_load_bytes`, Linux 4.5). */
  copyTo(target: Elements<u8>, at: u32, offset: u32, length: u32): i32;
  /** Asks the kernel where a packet is to go; as `fibLookup` of an `XdpPacket` (Linux 4.18). */
  fibLookup(request: object, flags: u32): i32;
}
