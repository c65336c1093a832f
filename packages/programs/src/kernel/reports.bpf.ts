/** Rules that report frames, to a log or to a capture. Compiled in or out (`--set reporting=…`): other rules pay nothing for it. */
import { u8, type u32, type u64 } from "@weir/bytecode/layout";
import { config, programArray, type XdpPacket } from "@weir/compiler/language";
import { RULE_LOG, RULE_SAMPLE } from "../records/rules.ts";
import { FRAME_REPORTS } from "./frame-reports.bpf.ts";
import { noteLog, write_logs } from "./rule-logs.bpf.ts";

/** Whether there are rules that report. Fixed when the program is compiled. */
export const reporting = config("reporting", u8, 0);

/** Notes what a rule reports of the frame. */
export function noteReport(action: u32, slot: u32, length: u32): void {
  const reports = FRAME_REPORTS.lookup(0);
  if (reports === null) return;
  if (action < RULE_SAMPLE) noteLog(reports, action - RULE_LOG, slot, length);
  else reports.sampled |= (1 as u64) << ((action - RULE_SAMPLE) & 63);
}

/** The program that captures what rules sample, while there is one. */
export const SAMPLE_CAPTURE = programArray({ maxEntries: 1 });

/**
 * Reports a frame of which it is known now what becomes of it; the last thing to do. For one that rules sample, the monitor goes on as the
 * program that captures, which gives the same verdict, if there is one.
 */
export function reportFrame(packet: XdpPacket, length: u32, verdict: u32): void {
  const reports = FRAME_REPORTS.lookup(0);
  if (reports === null) return;
  if (reports.logs !== 0) write_logs(packet, length, verdict);
  if (reports.sampled === 0) return;
  reports.verdict = verdict;
  SAMPLE_CAPTURE.call(packet, 0);
  reports.sampled = 0;
}
