import { holds } from "./match.ts";
import { meaningOf } from "./meaning/meaning-of.ts";
import type { Predicate } from "./meaning/predicate.ts";

/**
 * An expression of pcap-filter(7), for frames of Ethernet. It matches what tcpdump matches, also of frames that were captured in part.
 *
 * @example
 * ```ts
 * const filter = new Filter("udp and dst port 53");
 * filter.matches(frame); // true
 * ```
 * @see https://www.tcpdump.org/manpages/pcap-filter.7.html
 */
export class Filter {
  readonly expression: string;
  readonly #meaning: Predicate;

  /** @throws {FilterError} when the expression cannot be read, with the place of the mistake */
  constructor(expression: string) {
    this.expression = expression;
    this.#meaning = meaningOf(expression);
  }

  /**
   * Whether the filter matches a frame.
   *
   * @param bytes  from the Ethernet destination address on, as many as were captured
   * @param length bytes of the whole frame, where not all were captured
   */
  matches(bytes: Uint8Array, length = bytes.length): boolean {
    return holds(this.#meaning, bytes, length);
  }
}
