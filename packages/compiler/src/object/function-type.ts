import { type BtfBuilder, btfOfLayout } from "@weir/bytecode";
import { type Layout, u32 } from "@weir/bytecode/layout";
import { scalarLayouts } from "../constants/word-value.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { KernelType } from "../types/kernel-type.ts";
import type { LayoutNames } from "../types/type-name.ts";
import { btfName } from "./btf-name.ts";
import { xdpContextType } from "./xdp-context.ts";

/** The BTF `FUNC` of a function: what the kernel and bpftool show it as. */
export function functionType(btf: BtfBuilder, tree: FunctionTree, isProgram: boolean, names: LayoutNames): number {
  const typeOf = (type: KernelType): number => {
    switch (type.kind) {
      case "packet":
        return xdpContextType(btf);
      case "integer":
      case "network":
        return btfOfLayout(btf, scalarLayouts.get(type.name) ?? u32, "");
      case "boolean":
        return btf.add({ kind: "int", name: "bool", size: 1, encoding: "bool" });
      case "record":
        return btf.add({ kind: "pointer", type: btfOfLayout(btf, type.layout, nameOf(type.layout)) });
      case "array":
      case "void":
        return 0;
    }
  };
  const nameOf = (layout: Layout): string => btfName(names.get(layout) ?? "");
  // Whatever the program calls its only parameter, the kernel gives it the packet.
  const parameters = isProgram
    ? [{ name: btfName(tree.parameters[0]?.name ?? "packet"), type: xdpContextType(btf) }]
    : tree.parameters.map(({ name, type }) => ({ name: btfName(name), type: typeOf(type) }));
  const result = isProgram || givesNothing(tree) ? btfOfLayout(btf, u32, "") : typeOf(tree.returnType);
  const prototype = btf.add({ kind: "function-prototype", type: result, parameters });
  return btf.add({
    kind: "function",
    name: tree.name,
    type: prototype,
    linkage: isProgram || tree.linkage === "global" ? "global" : "static",
  });
}

/** The kernel wants a number of every global function; what gives nothing gives 0. */
const givesNothing = ({ linkage, returnType }: FunctionTree): boolean =>
  linkage === "global" && returnType.kind === "void";
