import type { BtfBuilder } from "../btf/builder.ts";
import type { KernelFunction } from "./kernel-function.ts";

/** Integers by the names that C has for them: bytes, with a sign or without. */
const integers: Readonly<Record<string, readonly [size: number, encoding: "signed" | "unsigned"]>> = {
  int: [4, "signed"],
  s32: [4, "signed"],
  "long int": [8, "signed"],
  u16: [2, "unsigned"],
  __be16: [2, "unsigned"],
  u32: [4, "unsigned"],
  u64: [8, "unsigned"],
};

/**
 * Describes a function of the kernel as one that an object refers to: the loader holds it against the running kernel's. Gives its id.
 *
 * @example
 * ```ts
 * import { BtfBuilder } from "@weir/bytecode";
 * import { declareKernelFunction, kernelFunctions } from "@weir/bytecode/kernel-functions";
 *
 * const btf = new BtfBuilder();
 * const lock = kernelFunctions.get("bpf_rcu_read_lock");
 * if (lock !== undefined) declareKernelFunction(btf, lock);
 * ```
 */
export function declareKernelFunction(btf: BtfBuilder, { name, arguments: list, result }: KernelFunction): number {
  const parameters = list.map((one) => ({ name: one.name, type: typeOf(btf, one.c) }));
  const type = btf.add({ kind: "function-prototype", type: typeOf(btf, result.c), parameters });
  return btf.add({ kind: "function", name, type, linkage: "extern" });
}

/** What is inside a structure does not matter. */
function typeOf(btf: BtfBuilder, c: string): number {
  const [, constant, inner = "", pointer] = /^(const )?(.*?)( \*)?$/.exec(c) ?? [];
  if (pointer !== undefined) return btf.add({ kind: "pointer", type: typeOf(btf, `${constant ?? ""}${inner}`) });
  if (constant !== undefined) return btf.add({ kind: "const", type: typeOf(btf, inner) });
  if (inner === "void") return 0;
  const [, kind, name = ""] = /^(struct|enum) (\w+)$/.exec(inner) ?? [];
  if (kind === "struct") return btf.add({ kind, name, size: 0, members: [] });
  if (kind === "enum") return btf.add({ kind, name, size: 4, signed: false, values: [] });
  const integer = integers[inner];
  if (integer === undefined) throw new TypeError(`${inner} is no type of C that is known here`);
  return btf.add({ kind: "int", name: inner, size: integer[0], encoding: integer[1] });
}
