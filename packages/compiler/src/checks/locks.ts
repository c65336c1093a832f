import { helperNumber } from "@weir/bytecode";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";
import { spanOf } from "../lowering/positions.ts";

const helpers = { lock: helperNumber("bpf_spin_lock"), unlock: helperNumber("bpf_spin_unlock") };

const codes = {
  "called while locked": "WEIR1717",
  "not unlocked": "WEIR1718",
  "not locked": "WEIR1719",
} as const;

/** Refuses calls while a lock is held, and locks that are not given back. */
export function checkLocks(name: string, module: ModuleLowering, reporter: Reporter): void {
  for (const { kind, position, locked } of module.builder.lockMistakes(name, helpers)) {
    const [span, taken] = [position, locked].map((at) => at && spanOf(at));
    if (span === undefined) throw new Error("code for a lock comes from nowhere");
    reporter.reportWithNotes(
      codes[kind],
      span,
      taken === undefined ? [] : [{ message: "it is locked there", span: taken }],
    );
  }
}
