import { PACKET_MOVERS } from "@weir/codegen";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";
import { spanOf } from "../lowering/positions.ts";

/** Refuses the use of a record of the packet after the packet's start or end may have been moved. */
export function checkStaleRecords(name: string, module: ModuleLowering, reporter: Reporter): void {
  for (const { use, move } of module.builder.staleAddresses(name, PACKET_MOVERS)) {
    const [span, moved] = [spanOf(use), move && spanOf(move)];
    if (span === undefined) continue;
    const notes = moved === undefined ? [] : [{ message: "the packet may be moved there", span: moved }];
    reporter.reportWithNotes("WEIR1504", span, notes);
  }
}
