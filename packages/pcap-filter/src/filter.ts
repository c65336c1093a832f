import { holds, type Sets } from "./match.ts";
import { meaningOf } from "./meaning/meaning-of.ts";
import type { Predicate } from "./meaning/predicate.ts";
import type { SetUse } from "./meaning/set-use.ts";
import type { VlanReading } from "./meaning/vlan-reading.ts";

/** How an expression is read. */
export interface FilterOptions {
  /** Whether primitives look behind VLAN tags; "exact" when not given: as tcpdump does. */
  readonly vlan?: VlanReading;
}

/**
 * An expression of pcap-filter(7), for frames of Ethernet. It matches what tcpdump matches, also of frames that were captured in part; read
 * "through" VLAN tags, it matches what is behind them as well.
 *
 * @example
 * ```ts
 * const filter = new Filter("udp and dst port 53");
 * filter.matches(frame); // true
 *
 * const guard = new Filter("src in @blocklist", { vlan: "through" });
 * guard.sets; // [{ name: "blocklist", kind: "addresses", span: { start: 4, end: 17 } }]
 * ```
 * @see https://www.tcpdump.org/manpages/pcap-filter.7.html
 */
export class Filter {
  readonly expression: string;
  readonly vlan: VlanReading;
  /** What the expression asks of a frame. */
  readonly meaning: Predicate;
  /** The sets that it asks, each once, in the order of the expression. */
  readonly sets: readonly SetUse[];

  /** @throws {FilterError} when the expression cannot be read, with the place of the mistake */
  constructor(expression: string, { vlan = "exact" }: FilterOptions = {}) {
    const { predicate, sets } = meaningOf(expression, vlan);
    this.expression = expression;
    this.vlan = vlan;
    this.meaning = predicate;
    this.sets = sets;
  }

  /**
   * Whether the filter matches a frame.
   *
   * @param bytes  from the Ethernet destination address on, as many as were captured
   * @param length bytes of the whole frame, where not all were captured
   * @param sets   what the expression's sets have in them; needed when it asks any
   * @throws {Error} when a set is asked and none were given
   */
  matches(bytes: Uint8Array, length = bytes.length, sets?: Sets): boolean {
    return holds(this.meaning, bytes, length, sets);
  }
}
