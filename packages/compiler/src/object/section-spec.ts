import { type BtfBuilder, btfOfLayout, type MapSpec } from "@weir/bytecode";
import { u32 } from "@weir/bytecode/layout";
import { contentsOf, type GlobalSection } from "../tree/global-section.ts";
import type { LayoutNames } from "../types/type-name.ts";
import { btfName } from "./btf-name.ts";

/** Programs cannot write to it (`BPF_F_RDONLY_PROG`): so the verifier knows what a table holds. */
const BPF_F_RDONLY_PROG = 1 << 7;
/** User space may map it into its memory, which is how it changes one variable and leaves the others alone. */
const BPF_F_MMAPABLE = 1 << 10;

/** Global variables as a map with one element, each described by name, as libbpf has it. */
export function sectionSpec(btf: BtfBuilder, section: GlobalSection, names: LayoutNames): MapSpec {
  const variables = section.variables.map(({ global, offset }) => {
    const layout = btfOfLayout(btf, global.layout, btfName(names.get(global.layout) ?? `${global.name}_value`));
    const type = btf.add({ kind: "variable", name: global.name, type: layout, linkage: "global" });
    return { type, offset, size: global.layout.size };
  });
  return Object.freeze({
    name: section.name,
    type: "array",
    keySize: u32.size,
    valueSize: section.size,
    maxEntries: 1,
    flags: BPF_F_MMAPABLE | (section.name === ".rodata" ? BPF_F_RDONLY_PROG : 0),
    keyType: 0,
    valueType: btf.add({ kind: "section", name: section.name, size: section.size, variables }),
    contents: contentsOf(section),
  });
}
