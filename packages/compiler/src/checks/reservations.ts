import { helperNumber } from "@weir/bytecode";
import { type KernelFunction, kernelFunctions } from "@weir/bytecode/kernel-functions";
import type { KernelCallee } from "@weir/codegen";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";
import { spanOf } from "../lowering/positions.ts";

const functionsThat = (flag: "acquires" | "releases"): readonly string[] =>
  [...kernelFunctions.values()].flatMap((one) => (one[flag] ? one.name : []));

const calls = {
  reserving: new Set<KernelCallee>([helperNumber("bpf_ringbuf_reserve"), ...functionsThat("acquires")]),
  ending: new Set<KernelCallee>([
    helperNumber("bpf_ringbuf_submit"),
    helperNumber("bpf_ringbuf_discard"),
    ...functionsThat("releases"),
  ]),
};

/**
 * Refuses ways through a function that leave a record of a ring buffer reserved or a structure of the kernel acquired, or use it when it
 * is no longer theirs.
 */
export function checkReservations(name: string, module: ModuleLowering, reporter: Reporter): void {
  for (const { kind, position, callee, reserved } of module.builder.reservationMistakes(name, calls)) {
    const [span, made] = [position, reserved].map((at) => at && spanOf(at));
    if (span === undefined || made === undefined) throw new Error("code that reserves comes from nowhere");
    const acquired = kernelFunctions.get(String(callee));
    if (acquired !== undefined) {
      const notes = [{ message: "it is acquired there", span: made }];
      if (kind === "not ended") reporter.reportWithNotes("WEIR1721", span, notes, acquired.name, releaserOf(acquired));
      else reporter.reportWithNotes("WEIR1722", span, notes);
      continue;
    }
    const code = kind === "not ended" ? "WEIR1703" : "WEIR1704";
    reporter.reportWithNotes(code, span, [{ message: "it is reserved there", span: made }]);
  }
}

/** The function that takes back what another one gives. */
function releaserOf({ result }: KernelFunction): string {
  const structure = result.kind === "structure" ? result.of : "";
  const takes = ({ arguments: [first] }: KernelFunction) => first?.kind === "structure" && first.of === structure;
  return [...kernelFunctions.values()].find((one) => one.releases && takes(one))?.name ?? "";
}
