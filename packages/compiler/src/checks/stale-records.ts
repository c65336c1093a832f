import { helperNumber } from "@weir/bytecode";
import { adjustingHelpers } from "../builtins/adjust-packet.ts";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";
import { spanOf } from "../lowering/positions.ts";

const MOVING = new Set([...adjustingHelpers.values()].map(helperNumber));

/** Refuses the use of a record of the packet after the packet's start or end may have been moved. */
export function checkStaleRecords(name: string, module: ModuleLowering, reporter: Reporter): void {
  for (const position of module.builder.staleAddresses(name, MOVING)) {
    const span = spanOf(position);
    if (span !== undefined) reporter.report("WEIR1504", span);
  }
}
