/** What rules count: each CPU in a section of its own, where it alone writes. */
import { u32, type Value } from "@weir/bytecode/layout";
import { arrayMap, atomicAdd, config, cpuNumber } from "@weir/compiler/language";
import { RuleCounts } from "../records/rules.ts";
import { now } from "./clock.bpf.ts";
import { sections } from "./settings.bpf.ts";

/** Rules that a section has room for. */
const ruleSlots = config("rule_slots", u32, 1);

/** A section for each CPU, and one for those that were plugged in later, which share it. */
export const RULE_COUNTS = arrayMap({ value: RuleCounts, maxEntries: 1, mmapable: true });

/** Counts a frame that a rule matched. */
export function countRule(slot: u32, length: u32): void {
  const cpu = cpuNumber();
  const section = cpu < sections ? cpu : sections;
  const counts = RULE_COUNTS.lookup(section * ruleSlots + slot);
  if (counts === null) return;
  if (cpu < sections) {
    counts.packets += 1;
    counts.bytes += length;
  } else {
    atomicAdd(counts, "packets", 1);
    atomicAdd(counts, "bytes", length);
  }
  counts.last_seen_ns = now();
}

/** Counts a frame above the rate of a limit, or of a log. */
export function countOver(slot: u32, length: u32): void {
  const cpu = cpuNumber();
  const section = cpu < sections ? cpu : sections;
  const counts = RULE_COUNTS.lookup(section * ruleSlots + slot);
  if (counts === null) return;
  if (cpu < sections) {
    counts.over_packets += 1;
    counts.over_bytes += length;
  } else {
    atomicAdd(counts, "over_packets", 1);
    atomicAdd(counts, "over_bytes", length);
  }
}

/** Counts a frame for whose source or flow a limit has no room, or a log for its record. Seldom, as the next one: all CPUs count in one place. */
export function countNoRoom(slot: u32): void {
  const counts = sharedCounts(slot);
  if (counts !== null) atomicAdd(counts, "no_room", 1);
}

/** Counts a frame of which a limit could not tell whether it is above the rate. */
export function countContended(slot: u32): void {
  const counts = sharedCounts(slot);
  if (counts !== null) atomicAdd(counts, "contended", 1);
}

/** The element that all CPUs share. */
export function sharedCounts(slot: u32): Value<typeof RuleCounts> | null {
  return RULE_COUNTS.lookup(sections * ruleSlots + slot);
}
