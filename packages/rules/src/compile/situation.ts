import type { Read } from "@weir/pcap-filter/meaning";
import { placeOf } from "./field.ts";
import type { Ranges } from "./ranges.ts";

/** How much of a frame there is from some place on. */
export interface Extent {
  /** So many bytes are there. */
  readonly readable: number;
  /** What ends behind so many bytes is not there. */
  readonly missing: number;
}

/** What is known of all frames that come to a place in the program. */
export interface Situation {
  /** From the first byte on. */
  readonly frame: Extent;
  /** From where a link header without tags would begin. */
  readonly link: Extent;
  /** From the end of an IPv4 header that follows it. */
  readonly transport: Extent;
  /** Values that fields have, by their keys. */
  readonly fields: ReadonlyMap<string, Ranges>;
  /** What is known of other comparisons, by their keys. */
  readonly tests: ReadonlyMap<string, boolean>;
}

/** Where the header of IPv4 is that {@link Situation.transport} is behind. */
export const NETWORK = 14;

export const UNKNOWN_EXTENT: Extent = { readable: 0, missing: Number.POSITIVE_INFINITY };

/** Whether bytes are there to be read; undefined where the frame has to be looked at. */
export function isReadable(read: Read, { frame, link, transport }: Situation): boolean | undefined {
  if (read.index !== undefined) return undefined;
  const { base, at, behind } = placeOf(read);
  // `tcp[-1]` is a byte of the header before.
  if (behind !== undefined && (behind !== NETWORK || at < NETWORK)) return undefined;
  const extent = behind !== undefined ? transport : base === "link" ? link : frame;
  const end = (behind === undefined ? at : at - NETWORK) + read.bytes;
  if (end <= extent.readable) return true;
  return end > extent.missing ? false : undefined;
}
