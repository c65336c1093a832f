import type { WrittenMemory } from "@weir/codegen";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";
import { spanOf } from "../lowering/positions.ts";
import { callables } from "./callables.ts";

/** Which of the arguments of what is called of the kernel are written to. */
const writing = new Map(
  [...callables].map(([callee, { arguments: list }]) => [
    callee,
    list.flatMap(({ kind, access }, index) => (kind === "memory" && access !== "read" ? [index] : [])),
  ]),
);

/** Refuses writes to tables of constants, and to keys that a callback is given: they lie where the kernel lets no program write. */
export function checkReadOnlyWrites(name: string, module: ModuleLowering, reporter: Reporter): void {
  const report = (code: "WEIR1314" | "WEIR1317", into: WrittenMemory) => {
    for (const position of module.builder.writesInto(name, into, writing)) {
      const span = spanOf(position);
      if (span !== undefined) reporter.report(code, span);
    }
  };
  report("WEIR1314", { map: ".rodata" });
  const parameter = module.callbackForm(name)?.readOnly;
  if (parameter !== undefined) report("WEIR1317", { parameter });
}
