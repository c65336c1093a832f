import type { BtfBuilder } from "@weir/bytecode";
import type { MetadataDeclaration } from "../constants/constant.ts";

/** Bytes of a pointer. */
const POINTER = 8;

/**
 * Describes numbers as libbpf's `__uint(name, value)` does: as pointers to arrays of so many elements, in a section that has no contents.
 * The kernel keeps that with the program's types, so whoever finds a program finds them.
 */
export function addMetadata(btf: BtfBuilder, metadata: readonly MetadataDeclaration[]): void {
  for (const section of new Set(metadata.map((one) => one.section))) {
    const variables = metadata
      .filter((one) => one.section === section)
      .map(({ name, value }, index) => {
        const type = btf.add({ kind: "pointer", type: arrayOf(btf, value) });
        const variable = btf.add({ kind: "variable", name, type, linkage: "global" });
        return { type: variable, offset: index * POINTER, size: POINTER };
      });
    // The kernel refuses a section of no size.
    btf.add({ kind: "section", name: section, size: variables.length * POINTER, variables });
  }
}

function arrayOf(btf: BtfBuilder, length: number): number {
  const element = btf.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
  const indexType = btf.add({ kind: "int", name: "u32", size: 4, encoding: "unsigned" });
  return btf.add({ kind: "array", type: element, indexType, length });
}
