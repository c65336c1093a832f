import { helpers } from "@weir/bytecode/helpers";
import { kernelFunctions } from "@weir/bytecode/kernel-functions";
import type { KernelCallee } from "@weir/codegen";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";
import { spanOf } from "../lowering/positions.ts";

const MOVING: ReadonlySet<KernelCallee> = new Set<KernelCallee>([
  ...helpers.filter(({ movesPacket }) => movesPacket).map(({ number }) => number),
  ...[...kernelFunctions.values()].filter(({ movesPacket }) => movesPacket).map(({ name }) => name),
]);

/** Refuses the use of a record of the packet after the packet's start or end may have been moved. */
export function checkStaleRecords(name: string, module: ModuleLowering, reporter: Reporter): void {
  for (const { use, move } of module.builder.staleAddresses(name, MOVING)) {
    const [span, moved] = [spanOf(use), move && spanOf(move)];
    if (span === undefined) continue;
    const notes = moved === undefined ? [] : [{ message: "the packet may be moved there", span: moved }];
    reporter.reportWithNotes("WEIR1504", span, notes);
  }
}
