import { type BtfBuilder, btfOfLayout } from "@weir/bytecode";
import { u32 } from "@weir/bytecode/layout";
import { scalarLayouts } from "../constants/word-value.ts";
import type { BooleanType, ScalarType } from "../types/kernel-type.ts";

/** The BTF of what fits into a register. */
export function btfOfScalar(btf: BtfBuilder, type: ScalarType | BooleanType): number {
  if (type.kind === "boolean") return btf.add({ kind: "int", name: "bool", size: 1, encoding: "bool" });
  return btfOfLayout(btf, scalarLayouts.get(type.name) ?? u32, "");
}
