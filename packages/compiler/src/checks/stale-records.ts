import { helperNumber } from "@weir/bytecode";
import type { Reporter } from "../diagnostics/reporter.ts";
import { spanOf } from "../lowering/function-lowering.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";

const MOVING = new Set([helperNumber("bpf_xdp_adjust_head")]);

/** Refuses the use of a record of the packet after the packet's start may have been moved. */
export function checkStaleRecords(name: string, module: ModuleLowering, reporter: Reporter): void {
  for (const position of module.builder.staleAddresses(name, MOVING)) {
    const span = spanOf(position);
    if (span !== undefined) reporter.report("WEIR1504", span);
  }
}
