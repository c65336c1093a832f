import type { u64, Value } from "@weir/bytecode/layout";
import type { Stats } from "../records/stats.ts";
import { filtering } from "./rules.bpf.ts";

/** Counts, of a frame that belongs to no connection by rule, that it is dropped: `dropped` is 1 then. */
export function countUnattributedDrop(stats: Value<typeof Stats>, dropped: u64): void {
  if (filtering !== 0) stats.unattributed_drops += dropped;
}
