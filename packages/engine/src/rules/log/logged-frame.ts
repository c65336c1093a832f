import { decode } from "@weir/bytecode/layout";
import { LogRecord } from "@weir/programs";
import { type FrameEnds, frameEnds } from "./frame-ends.ts";

/** A frame that a rule logged. */
export interface LoggedFrame {
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  /** Name of the rule. */
  readonly rule: string;
  /** What became of the frame, by all rules. */
  readonly verdict: "pass" | "drop";
  /** Bytes of the whole frame. */
  readonly length: number;
  /** The first of them, from the Ethernet destination address on: 128 at most. */
  readonly bytes: Uint8Array;
  /** Undefined where the frame ends within its VLAN tags. */
  readonly ends: FrameEnds | undefined;
}

/** `enum xdp_action`. */
const XDP_DROP = 1;

/** A frame, and the place where its rule is counted. */
interface PlacedFrame {
  readonly slot: number;
  readonly frame: Omit<LoggedFrame, "rule">;
}

/**
 * A record that the program wrote, which is copied.
 *
 * @param clockOffset what to add to the program's time to have nanoseconds since 1970
 */
export function frameOf(record: Uint8Array, clockOffset: bigint): PlacedFrame {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const { time, slot, length, captured, verdict: action, bytes: all } = decode(LogRecord, view);
  const bytes = all.slice(0, captured);
  const verdict = action === XDP_DROP ? "drop" : "pass";
  return { slot, frame: { time: time + clockOffset, verdict, length, bytes, ends: frameEnds(bytes) } };
}
