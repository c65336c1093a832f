import { helperNumber } from "@weir/bytecode";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";
import { spanOf } from "../lowering/positions.ts";

const helpers = {
  reserving: new Set([helperNumber("bpf_ringbuf_reserve")]),
  ending: new Set([helperNumber("bpf_ringbuf_submit"), helperNumber("bpf_ringbuf_discard")]),
};

/** Refuses ways through a function that leave a record of a ring buffer reserved, or use it when it is no longer theirs. */
export function checkReservations(name: string, module: ModuleLowering, reporter: Reporter): void {
  for (const { kind, position, reserved } of module.builder.reservationMistakes(name, helpers)) {
    const [span, made] = [position, reserved].map((at) => at && spanOf(at));
    if (span === undefined || made === undefined) throw new Error("code for a ring buffer comes from nowhere");
    const code = kind === "not ended" ? "WEIR1703" : "WEIR1704";
    reporter.reportWithNotes(code, span, [{ message: "it is reserved there", span: made }]);
  }
}
