/** One header of a packet. A packet is a list of layers, written from the innermost outwards. */
export interface Layer {
  /** What an Ethernet or VLAN header in front of this layer announces, when it can. */
  readonly etherType?: number;
  /** What an IP or extension header in front of this layer announces, when it can. */
  readonly protocol?: number;
  /** Set by IP layers: what the checksums of the layers inside are computed over besides their own bytes. */
  readonly pseudoHeader?: PseudoHeader;
  /** The header's bytes for what follows it (`inner` does not belong to the result). */
  encode(inner: Uint8Array, around: Surroundings): Uint8Array;
}

/** The part of an IP header that TCP, UDP and ICMPv6 checksums cover. */
export type PseudoHeader = (protocol: number, length: number) => Uint8Array;

/** What a layer may need to know of its neighbours. */
export interface Surroundings {
  readonly next: Layer | undefined;
  readonly pseudoHeader: PseudoHeader | undefined;
}
