import { helpers, type MemoryAccess } from "@weir/bytecode/helpers";
import { kernelFunctions } from "@weir/bytecode/kernel-functions";
import type { KernelCallee, WrittenMemory } from "@weir/codegen";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";
import { spanOf } from "../lowering/positions.ts";

/** Which of the arguments of what is called of the kernel are written to. */
const writing: ReadonlyMap<KernelCallee, readonly number[]> = new Map<KernelCallee, readonly number[]>([
  ...helpers.map((helper) => [helper.number, written(helper.arguments)] as const),
  ...[...kernelFunctions].map(([name, called]) => [name, written(called.arguments)] as const),
]);

function written(list: readonly { readonly kind: string; readonly access?: MemoryAccess }[]): readonly number[] {
  return list.flatMap(({ kind, access }, index) => (kind === "memory" && access !== "read" ? [index] : []));
}

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
