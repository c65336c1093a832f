import { type BtfBuilder, btfOfLayout } from "@weir/bytecode";
import { u32 } from "@weir/bytecode/layout";
import type { CallbackForm } from "../lowering/callback.ts";
import type { FunctionTree } from "../tree/function.ts";
import { isScalar, type KernelType } from "../types/kernel-type.ts";
import type { LayoutNames } from "../types/type-name.ts";
import { btfName } from "./btf-name.ts";
import { btfOfScalar } from "./btf-of-scalar.ts";

/** The BTF `FUNC` of a function that the kernel calls back, as it would be declared in C. */
export function callbackType(btf: BtfBuilder, tree: FunctionTree, form: CallbackForm, names: LayoutNames): number {
  const typeOf = (type: KernelType): number => {
    if (type.kind === "record") return btfOfLayout(btf, type.layout, btfName(names.get(type.layout) ?? ""));
    return isScalar(type) || type.kind === "boolean" ? btfOfScalar(btf, type) : 0;
  };
  const parameters = Array.from({ length: form.arguments }, (_, argument) => {
    const index = form.parameters.findIndex((one) => one.argument === argument);
    const parameter = tree.parameters[index];
    const name = argument === form.shared ? "shared" : btfName(parameter?.name || `argument_${argument}`);
    if (parameter === undefined) return { name, type: btf.add({ kind: "pointer", type: 0 }) };
    const type = typeOf(parameter.type);
    return { name, type: form.parameters[index]?.is === "value" ? type : btf.add({ kind: "pointer", type }) };
  });
  const prototype = btf.add({ kind: "function-prototype", type: btfOfLayout(btf, u32, ""), parameters });
  return btf.add({ kind: "function", name: tree.name, type: prototype, linkage: "static" });
}
