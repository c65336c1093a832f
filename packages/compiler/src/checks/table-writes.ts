import { helpers } from "@weir/bytecode/helpers";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";
import { spanOf } from "../lowering/positions.ts";

const writing = new Map(
  helpers.map((helper) => [
    helper.number,
    helper.arguments.flatMap((one, index) => (one.kind === "memory" && one.access !== "read" ? [index] : [])),
  ]),
);

/** Refuses writes to tables of constants: they lie where the kernel lets no program write. */
export function checkTableWrites(name: string, module: ModuleLowering, reporter: Reporter): void {
  for (const position of module.builder.writesInto(name, ".rodata", writing)) {
    const span = spanOf(position);
    if (span !== undefined) reporter.report("WEIR1314", span);
  }
}
