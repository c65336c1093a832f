/**
 * Rules that log: a record of a frame for user space, of each rule as many as its rate allows. Which rules want one is noted when they match,
 * and the records are written when it is known what becomes of the frame.
 */
import type { u32, Value } from "@weir/bytecode/layout";
import {
  arrayMap,
  BPF_RB_NO_WAKEUP,
  globalFunction,
  monotonicTime,
  ringBuffer,
  type XdpPacket,
} from "@weir/compiler/language";
import { type FrameReports, LOGGED_BYTES, LogRate, LogRecord, MOST_LOGS } from "../records/reports.ts";
import { now } from "./clock.bpf.ts";
import { FRAME_REPORTS } from "./frame-reports.bpf.ts";
import { charge, OVER } from "./limit.bpf.ts";
import { countNoRoom, countOver } from "./rule-counts.bpf.ts";

/** How much the rules of this program may log. */
export const LOGS = arrayMap({ value: LogRate, maxEntries: 1 });
/** What they logged, for one reader. */
export const LOG_RECORDS = ringBuffer({ size: 1_048_576 });

/** Notes that a rule logs the frame, or counts that it does not. */
export function noteLog(reports: Value<typeof FrameReports>, number: u32, slot: u32, length: u32): void {
  const rate = LOGS.lookup(number);
  if (rate === null) return;
  // The tick's time: what a flood costs that is not logged is this comparison.
  if (charge(rate.paid, rate.cost, rate.burst, now()) === OVER) {
    countOver(slot, length);
    return;
  }
  const noted = reports.logs;
  if (noted >= MOST_LOGS) {
    countNoRoom(slot);
    return;
  }
  reports.slots[noted] = slot;
  reports.logs = noted + 1;
}

/** Writes what was noted of a frame. */
export const write_logs = globalFunction((packet: XdpPacket, length: u32, verdict: u32): u32 => {
  const reports = FRAME_REPORTS.lookup(0);
  if (reports === null) return 0;
  const noted = reports.logs;
  reports.logs = 0;
  const time = monotonicTime();
  for (let at: u32 = 0; at < MOST_LOGS; at++) {
    if (at >= noted) break;
    const slot = reports.slots[at];
    const record = LOG_RECORDS.reserve(LogRecord);
    if (record === null) {
      countNoRoom(slot);
      continue;
    }
    record.time = time;
    record.slot = slot;
    record.length = length;
    record.verdict = verdict;
    const captured: u32 = (((length > LOGGED_BYTES ? LOGGED_BYTES : length) - 1) & (LOGGED_BYTES - 1)) + 1;
    record.captured = packet.copyTo(record.bytes, 0, 0, captured) === 0 ? captured : 0;
    LOG_RECORDS.submit(record, BPF_RB_NO_WAKEUP);
  }
  return 0;
});
