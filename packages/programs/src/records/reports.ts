import { array, bytes, struct, u32, u64 } from "@weir/bytecode/layout";
import { ArrivalTime } from "./limits.ts";

/** Rules that can log one frame. What more of them would write is counted as having found no room. */
export const MOST_LOGS = 8;

/** Rules of a program that can sample: each has a bit. */
export const MOST_SAMPLING_RULES = 64;

/** What rules want to be reported of the frame that a CPU is at work on (map `FRAME_REPORTS`). Between two frames nothing is wanted. */
export const FrameReports = struct({
  /** A bit for each rule that samples and has matched. */
  sampled: u64,
  /** What becomes of the frame, for the program that captures it. */
  verdict: u32,
  /** How many of `slots` are to be written. */
  logs: u32,
  /** Where the rules are counted that log it. */
  slots: array(u32, MOST_LOGS),
});

/** How much a rule may log (an element of map `LOGS`, by the rule's place): as a limit of packets says it. */
export const LogRate = struct({
  /** Nanoseconds that a record costs. */
  cost: u64,
  /** Nanoseconds that the theoretical arrival time may be ahead. */
  burst: u64,
  paid: ArrivalTime,
});

/** Bytes of a frame that a record has: Ethernet, tags, IP and ports, and what an ICMP error is about. A power of two. */
export const LOGGED_BYTES = 128;

/** A frame that a rule logged (map `LOG_RECORDS`). */
export const LogRecord = struct({
  /** Nanoseconds of CLOCK_MONOTONIC. */
  time: u64,
  /** Where the rule is counted. */
  slot: u32,
  /** Bytes of the whole frame. */
  length: u32,
  /** Bytes of it that are here. */
  captured: u32,
  /** What became of it, as XDP has it: 1 is drop. */
  verdict: u32,
  bytes: bytes(LOGGED_BYTES),
});
