import { type ArpFields, arpLayer } from "./arp.ts";
import { type BytesLike, concatenate, toBytes } from "./bytes.ts";
import { type EthernetFields, ethernetLayer, type VlanFields, vlanLayer } from "./ethernet.ts";
import { type IcmpFields, icmpLayer } from "./icmp.ts";
import { type Ipv4Fields, ipv4Layer } from "./ipv4.ts";
import { type Ipv6Fields, ipv6Layer } from "./ipv6.ts";
import {
  type ExtensionFields,
  type ExtensionName,
  extensionLayer,
  type FragmentFields,
  fragmentLayer,
} from "./ipv6-extension.ts";
import type { Layer, PseudoHeader } from "./layer.ts";
import { type TcpFields, tcpLayer } from "./tcp.ts";
import { type UdpFields, udpLayer } from "./udp.ts";

/**
 * A packet as a sentence: each method returns a new packet with one more layer, the old one stays as it is.
 * Addresses default to those reserved for documentation; types, lengths and checksums are right unless given.
 *
 * @example
 * ```ts
 * const frame = ethernet().vlan(5).ipv4({ source: "192.0.2.3" }).udp({ destinationPort: 53 }).payload("hello").toBytes();
 * ```
 */
export class Packet {
  readonly layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    this.layers = Object.freeze([...layers]);
  }

  /** Appends a VLAN tag; a number is its id. */
  vlan(fields: number | VlanFields = {}): Packet {
    return this.with(vlanLayer(typeof fields === "number" ? { id: fields } : fields));
  }

  arp(fields: ArpFields = {}): Packet {
    return this.with(arpLayer(fields));
  }

  ipv4(fields: Ipv4Fields = {}): Packet {
    return this.with(ipv4Layer(fields));
  }

  ipv6(fields: Ipv6Fields = {}): Packet {
    return this.with(ipv6Layer(fields));
  }

  /** Appends an IPv6 extension header other than the fragment header. */
  extension(name: ExtensionName, fields: ExtensionFields = {}): Packet {
    return this.with(extensionLayer(name, fields));
  }

  /** Appends an IPv6 fragment header (IPv4 has its fragment fields in the header: see `ipv4`). */
  fragment(fields: FragmentFields = {}): Packet {
    return this.with(fragmentLayer(fields));
  }

  tcp(fields: TcpFields = {}): Packet {
    return this.with(tcpLayer(fields));
  }

  udp(fields: UdpFields = {}): Packet {
    return this.with(udpLayer(fields));
  }

  icmp(fields: IcmpFields = {}): Packet {
    return this.with(icmpLayer(4, fields));
  }

  icmpv6(fields: IcmpFields = {}): Packet {
    return this.with(icmpLayer(6, fields));
  }

  /** Appends data: bytes, text, or so many zero bytes. */
  payload(data: BytesLike): Packet {
    const bytes = toBytes(data);
    return this.with({ encode: () => bytes });
  }

  /** The frame, without a frame check sequence. */
  toBytes(): Uint8Array {
    return this.layers.reduceRight<Uint8Array>((inner, layer, index) => {
      const around = { next: this.layers[index + 1], pseudoHeader: this.#pseudoHeaderFor(index) };
      return concatenate(layer.encode(inner, around), inner);
    }, new Uint8Array());
  }

  /** The first `length` bytes of the frame, as a capture with a short snap length has them. */
  truncatedTo(length: number): Uint8Array {
    return this.toBytes().slice(0, length);
  }

  /** The frame with zero bytes behind the last layer, as Ethernet pads to 60: the IP lengths do not count them. */
  paddedTo(length: number): Uint8Array {
    const frame = this.toBytes();
    return concatenate(frame, new Uint8Array(Math.max(0, length - frame.length)));
  }

  /** A new packet with a layer that this class does not know. */
  with(layer: Layer): Packet {
    return new Packet([...this.layers, layer]);
  }

  #pseudoHeaderFor(index: number): PseudoHeader | undefined {
    return this.layers.slice(0, index).findLast((layer) => layer.pseudoHeader !== undefined)?.pseudoHeader;
  }
}

/** Starts a packet with an Ethernet header. */
export function ethernet(fields: EthernetFields = {}): Packet {
  return new Packet([ethernetLayer(fields)]);
}
