import { ETHERNET_IP, ETHERNET_IP6 } from "../names/protocols.ts";
import { and, type Base, compare, equalIn, not, type Predicate, type Read } from "./predicate.ts";
import type { VlanReading } from "./vlan-reading.ts";

/** Larger numbers in the place of the type are types, smaller ones are lengths of a frame of 802.3. */
const LARGEST_LENGTH = 1500;
/** IP, NetBEUI, OSI. */
const SAME_AT_BOTH: ReadonlySet<number> = new Set([0x06, 0xf0, 0xfe]);

/** Of the header of Ethernet, without tags. */
export const LENGTH_OF_ETHERNET = 14;

/** Of the header of IPv6, without those that may follow it. */
export const LENGTH_OF_IP6 = 40;

/**
 * Where the headers of a frame are. `vlan` (read exactly) and `mpls` move them, for all that stands to their right in the expression: also
 * behind `or`, and outside the brackets that they are in.
 */
export class Headers {
  readonly base: Base;
  /** Of the payload, the header of the network layer, from the base on. */
  network: number;
  /** How many labels of MPLS were asked for. */
  labels = 0;
  /** Of the type that says what the payload is. */
  #type: number;

  constructor(vlan: VlanReading) {
    this.base = vlan === "through" ? "payload" : "frame";
    this.network = this.base === "payload" ? 0 : LENGTH_OF_ETHERNET;
    this.#type = this.network - 2;
  }

  /** Behind a tag of 802.1Q. */
  skipTag(): void {
    this.#type += 4;
    this.network += 4;
  }

  /** Behind a label of MPLS. */
  skipLabel(): void {
    this.network += 4;
    this.labels += 1;
  }

  /** Reads from the header of the network layer on. */
  read(bytes: Read["bytes"], offset: number): Read {
    return { kind: "read", bytes, base: this.base, at: this.network + offset, behind: undefined, index: undefined };
  }

  /** Reads from the end of a header of IPv4 on. */
  readBehindIp4(bytes: Read["bytes"], offset: number): Read {
    return { ...this.read(bytes, offset), behind: this.network };
  }

  /** Reads the type of the payload. */
  readType(): Read {
    return { kind: "read", bytes: 2, base: this.base, at: this.#type, behind: undefined, index: undefined };
  }

  /**
   * Whether the payload is of a type.
   *
   * @returns undefined behind MPLS, whose labels do not tell, for all but IP
   */
  isType(type: number): Predicate | undefined {
    if (this.labels > 0) return this.#isBehindLabels(type);
    const word = this.readType();
    if (type > LARGEST_LENGTH) return compare(word, "eq", type);
    // A service access point of LLC; of some protocols both ends have it.
    if (SAME_AT_BOTH.has(type)) {
      return and(not(compare(word, "gt", LARGEST_LENGTH)), compare(this.read(2, 0), "eq", type * 0x101));
    }
    return and(not(compare(word, "gt", LARGEST_LENGTH)), compare(this.read(1, 0), "eq", type));
  }

  /** The last label has the lowest bit of its third byte set; IP begins with its version. */
  #isBehindLabels(type: number): Predicate | undefined {
    if (type !== ETHERNET_IP && type !== ETHERNET_IP6) return undefined;
    const version = type === ETHERNET_IP ? 0x40 : 0x60;
    return and(equalIn(this.read(1, -2), 0x01, 0x01), equalIn(this.read(1, 0), 0xf0, version));
  }
}
