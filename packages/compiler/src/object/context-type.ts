import { type BtfBuilder, btfOfLayout } from "@weir/bytecode";
import { contextLayouts } from "../types/context-layout.ts";
import type { ContextKind } from "../types/kernel-type.ts";

/** A pointer to a context, as a program's prototype names it: the kernel looks at the name of the structure alone. */
export function contextType(btf: BtfBuilder, kind: ContextKind): number {
  const { name, layout } = contextLayouts[kind];
  // Fields that are two views of the same bytes are described once.
  const fields = layout.fields.filter(({ offset }, index, all) => offset !== all[index + 1]?.offset);
  return btf.add({ kind: "pointer", type: btfOfLayout(btf, { ...layout, fields }, name) });
}
