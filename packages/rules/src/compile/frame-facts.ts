import { type NumberValue, type Read, TRANSPORTS } from "@weir/pcap-filter/meaning";
import { comparisonKey } from "./alternatives-of.ts";
import { type Field, fieldOf } from "./field.ts";
import { complement, fromTo, type Ranges, union } from "./ranges.ts";

/** Offsets and lengths in bytes, from where a link header without tags begins. */
export const LINK_END = 14;
export const IPV4_END = 34;
export const IPV6_END = 54;
export const ARP_END = 42;
export const IPV4_PROTOCOL_END = 24;
/** Where the source address and the next header end. */
export const IPV6_PARTS = [38, 21] as const;
/** Of both ports. */
export const PORTS = 4;

/** The protocols with ports. */
export const WITH_PORTS: Ranges = Object.values(TRANSPORTS).reduce<Ranges>(
  (all, one) => union(all, fromTo(one, one)),
  [],
);
export const WITHOUT_PORTS: Ranges = complement(WITH_PORTS, { first: 0, last: 0xff });

/** What frames are told apart by before all rules, for expressions that look at their start or behind their tags. */
export class FrameFacts {
  readonly type: Field;
  readonly ipv4Protocol: Field;
  readonly ipv6Next: Field;
  /** Whether a packet of IPv4 is a later fragment, as all expressions ask it. */
  readonly isLaterFragment: string;
  readonly #base: Read["base"];

  constructor(base: Read["base"]) {
    this.#base = base;
    this.type = this.#field(2, 12);
    this.ipv4Protocol = this.#field(1, 23);
    this.ipv6Next = this.#field(1, 20);
    this.isLaterFragment = comparisonKey(this.#read(2, 20), "set", { kind: "number", value: 0x1fff });
  }

  /** Whether an answer depends on the protocol, the fragment or what is behind the header of IPv4. */
  isAboutTransport4(read: Read): boolean {
    return read.behind !== undefined || this.#isAt(read, 20, 24);
  }

  /** The same for IPv6. */
  isAboutTransport6(read: Read): boolean {
    return (
      read.behind !== undefined || this.#isAt(read, 20, 21) || this.#isAt(read, IPV6_END, Number.POSITIVE_INFINITY)
    );
  }

  #isAt(read: Read, from: number, to: number): boolean {
    const at = read.at + (read.base === "payload" ? LINK_END : 0);
    return read.index !== undefined || (at < to && at + read.bytes > from);
  }

  #read(bytes: Read["bytes"], at: number): Read {
    const from = this.#base === "payload" ? at - LINK_END : at;
    return { kind: "read", bytes, base: this.#base, at: from, behind: undefined, index: undefined };
  }

  #field(bytes: Read["bytes"], at: number): Field {
    const value: NumberValue = this.#read(bytes, at);
    const field = fieldOf(value);
    if (field === undefined) throw new Error("a read at a fixed place is a field");
    return field;
  }
}
