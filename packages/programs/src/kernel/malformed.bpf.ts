import type { u64, Value } from "@weir/bytecode/layout";
import type { Stats } from "../records/stats.ts";
import { countUnattributedDrop } from "./unattributed-drop.bpf.ts";

/** Counts a frame that breaks off, or contradicts itself, before there is a connection that it could belong to. */
export function countMalformed(stats: Value<typeof Stats>, dropped: u64): void {
  stats.malformed += 1;
  stats.unattributed += 1;
  countUnattributedDrop(stats, dropped);
}
