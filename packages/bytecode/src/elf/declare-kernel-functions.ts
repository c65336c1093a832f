import type { Btf } from "../btf/btf.ts";
import type { BtfBuilder } from "../btf/builder.ts";
import { ObjectError } from "../object-error.ts";
import type { ObjectSpec } from "../spec.ts";

const SECTION = ".ksyms";

/**
 * Describes in BTF the section that libbpf looks for the kernel's functions in: exactly those that the object refers to. Their own
 * types, `extern` functions, must be there.
 */
export function declareKernelFunctions(builder: BtfBuilder, spec: ObjectSpec, btf: Btf): void {
  const references = [...spec.programs.values()].flatMap((program) => program.references);
  const names = new Set(references.flatMap((one) => (one.kind === "kernel-function" ? [one.name] : [])));
  const before = btf.find("section", SECTION)?.id;
  if (names.size === 0) {
    // A section of nothing is none; its id goes to a type that says nothing.
    if (before !== undefined) builder.add({ kind: "pointer", type: 0 }, before);
    return;
  }
  const variables = [...names]
    .map((name) => ({ type: declarationOf(btf, name), offset: 0, size: 0 }))
    .sort((left, right) => left.type - right.type);
  builder.add({ kind: "section", name: SECTION, size: 0, variables }, before);
}

function declarationOf(btf: Btf, name: string): number {
  const found = btf.find("function", name);
  if (found?.type.linkage === "extern") return found.id;
  throw new ObjectError(
    `the object refers to the kernel's function "${name}"; its BTF has no extern function of this name`,
  );
}
