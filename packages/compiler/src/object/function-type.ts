import { type BtfBuilder, btfOfLayout } from "@weir/bytecode";
import { type Layout, u32 } from "@weir/bytecode/layout";
import type { FunctionTree } from "../tree/function.ts";
import type { KernelType } from "../types/kernel-type.ts";
import type { ProgramKind } from "../types/program-kind.ts";
import type { LayoutNames } from "../types/type-name.ts";
import { btfName } from "./btf-name.ts";
import { btfOfScalar } from "./btf-of-scalar.ts";
import { contextType } from "./context-type.ts";

/** The BTF `FUNC` of a function: what the kernel and bpftool show it as. */
export function functionType(
  btf: BtfBuilder,
  tree: FunctionTree,
  program: ProgramKind | undefined,
  names: LayoutNames,
): number {
  const typeOf = (type: KernelType): number => {
    switch (type.kind) {
      case "packet":
      case "buffer":
      case "socket":
        return contextType(btf, type.kind);
      case "integer":
      case "network":
      case "boolean":
        return btfOfScalar(btf, type);
      case "kernel":
      case "kernel-array":
      case "map":
        return btf.add({ kind: "pointer", type: 0 });
      case "record":
        return btf.add({ kind: "pointer", type: btfOfLayout(btf, type.layout, nameOf(type.layout)) });
      case "array":
      case "void":
        return 0;
    }
  };
  const nameOf = (layout: Layout): string => btfName(names.get(layout) ?? "");
  // Whatever a program's parameters are, the kernel gives it one thing. One that is taken apart at once has no name, and the kernel wants one.
  const parameters = program
    ? [{ name: btfName(tree.parameters[0]?.name || "context"), type: givenType(btf, program) }]
    : tree.parameters.map(({ name, type }, index) => ({
        name: btfName(name || `argument_${index}`),
        type: typeOf(type),
      }));
  const result = program || givesNothing(tree) ? btfOfLayout(btf, u32, "") : typeOf(tree.returnType);
  const prototype = btf.add({ kind: "function-prototype", type: result, parameters });
  return btf.add({
    kind: "function",
    name: tree.name,
    type: prototype,
    linkage: program || tree.linkage === "global" ? "global" : "static",
  });
}

function givenType(btf: BtfBuilder, { given }: ProgramKind): number {
  const isContext = given === "packet" || given === "buffer" || given === "socket";
  return isContext ? contextType(btf, given) : btf.add({ kind: "pointer", type: 0 });
}

/** The kernel wants a number of every global function; what gives nothing gives 0. */
const givesNothing = ({ linkage, returnType }: FunctionTree): boolean =>
  linkage === "global" && returnType.kind === "void";
