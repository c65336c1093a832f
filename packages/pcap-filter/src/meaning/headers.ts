import { ETHERNET_IP, ETHERNET_IP6 } from "../names/protocols.ts";
import { and, compare, equalIn, not, type Predicate, read } from "./predicate.ts";

/** Larger numbers in the place of the type are types, smaller ones are lengths of a frame of 802.3. */
const LARGEST_LENGTH = 1500;
/** IP, NetBEUI, OSI. */
const SAME_AT_BOTH: ReadonlySet<number> = new Set([0x06, 0xf0, 0xfe]);

/** Of the header of IPv6, without those that may follow it. */
export const LENGTH_OF_IP6 = 40;

/**
 * Where the headers of a frame are. `vlan` and `mpls` move them, for all that stands to their right in the expression: also behind `or`, and
 * outside the brackets that they are in.
 */
export class Headers {
  /** Of the type that says what the payload is. */
  type = 12;
  /** Of the payload: the header of the network layer. */
  network = 14;
  /** How many labels of MPLS were asked for. */
  labels = 0;

  /** Behind a tag of 802.1Q. */
  skipTag(): void {
    this.type += 4;
    this.network += 4;
  }

  /** Behind a label of MPLS. */
  skipLabel(): void {
    this.network += 4;
    this.labels += 1;
  }

  /**
   * Whether the payload is of a type.
   *
   * @returns undefined behind MPLS, whose labels do not tell, for all but IP
   */
  isType(type: number): Predicate | undefined {
    if (this.labels > 0) return this.#isBehindLabels(type);
    const word = read(2, this.type);
    if (type > LARGEST_LENGTH) return compare(word, "eq", type);
    // A service access point of LLC; of some protocols both ends have it.
    if (SAME_AT_BOTH.has(type)) {
      return and(not(compare(word, "gt", LARGEST_LENGTH)), compare(read(2, this.network), "eq", type * 0x101));
    }
    return and(not(compare(word, "gt", LARGEST_LENGTH)), compare(read(1, this.network), "eq", type));
  }

  /** The last label has the lowest bit of its third byte set; IP begins with its version. */
  #isBehindLabels(type: number): Predicate | undefined {
    if (type !== ETHERNET_IP && type !== ETHERNET_IP6) return undefined;
    const version = type === ETHERNET_IP ? 0x40 : 0x60;
    return and(equalIn(read(1, this.network - 2), 0x01, 0x01), equalIn(read(1, this.network), 0xf0, version));
  }
}
