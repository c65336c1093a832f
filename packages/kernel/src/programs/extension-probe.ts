import { alu, BtfBuilder, exit, type ObjectSpec, type ProgramSpec } from "@weir/bytecode";
import { KernelError } from "../errors/kernel-error.ts";
import { loadObject } from "../objects/loaded-object.ts";
import { attachExtension } from "./extension.ts";

const NAME = "weir_probe";
const PASS = 2;

let known: { readonly refusal: KernelError | undefined } | undefined;

/**
 * Why this kernel, or what this process may do, admits no programs in the place of functions (freplace), which dispatchers are made of; asked of
 * the kernel once, with two programs of two instructions. Undefined where it does.
 *
 * @example
 * ```ts
 * const refusal = extensionRefusal();
 * if (refusal !== undefined) console.log(`no dispatcher here: ${refusal.answer}`);
 * ```
 * They work since Linux 5.6 (arm64: 6.0), with the JIT compiler, unless the kernel is locked down.
 */
export function extensionRefusal(): KernelError | undefined {
  known ??= { refusal: probe() };
  return known.refusal;
}

function probe(): KernelError | undefined {
  try {
    const object = probeObject();
    using first = loadObject(object);
    using second = loadObject(object);
    const replaced = first.program(NAME);
    if (replaced.kind === "not found") throw new Error("the object has no program");
    const target = { program: replaced.program, function: NAME };
    const extension = second.program(NAME, { extends: target });
    if (extension.kind === "not found") throw new Error("the object has no program");
    attachExtension(extension.program, target)[Symbol.dispose]();
    return undefined;
  } catch (error) {
    if (error instanceof KernelError) return error;
    throw error;
  }
}

function probeObject(): ObjectSpec {
  const btf = new BtfBuilder();
  const int = btf.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
  // The kernel knows the context by the structure's name.
  const context = btf.add({
    kind: "pointer",
    type: btf.add({ kind: "struct", name: "xdp_md", size: 24, members: [] }),
  });
  const prototype = btf.add({
    kind: "function-prototype",
    type: int,
    parameters: [{ name: "context", type: context }],
  });
  const program: ProgramSpec = {
    name: NAME,
    section: "xdp",
    type: "xdp",
    frags: false,
    instructions: [alu("mov", 64, 0, PASS), exit()],
    references: [],
    functions: [{ slot: 0, type: btf.add({ kind: "function", name: NAME, type: prototype, linkage: "global" }) }],
    lines: [],
  };
  return {
    license: "Dual MIT/GPL",
    maps: new Map(),
    programs: new Map([[NAME, program]]),
    configs: new Map(),
    btf: btf.build(),
  };
}
