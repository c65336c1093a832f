import { existsSync } from "node:fs";
import { release } from "node:os";
import { type Btf, type BtfType, essentialName, typesAreCompatible } from "@weir/bytecode";
import { KernelError } from "../errors/kernel-error.ts";
import { functionModule } from "./function-module.ts";
import { type KernelModule, kernelModules } from "./kernel-modules.ts";
import { kernelBtf } from "./kernel-types.ts";
import { typesFolder } from "./types-folder.ts";

/** Where one of the kernel's functions is. */
export interface KernelFunctionPlace {
  /** Its number among the types of the kernel and, for a function of a module, that module. */
  readonly id: number;
  /** Undefined for what is built in. */
  readonly module: KernelModule | undefined;
}

/**
 * One of the kernel's functions, or of a loaded module's, as an object declares it; undefined when it may be missing and is. Modules are
 * looked at for what the kernel itself lacks.
 *
 * @param objectBtf the object's types, with the function as an `extern` one
 * @throws {KernelError} `WEIR_NOT_SUPPORTED` when it is missing, or takes other parameters than declared
 */
export function kernelFunctionPlace(
  name: string,
  objectBtf: Btf,
  isOptional: boolean,
): KernelFunctionPlace | undefined {
  const found = lookUp(essentialName(name));
  const declared = objectBtf.find("function", name);
  const agree =
    found !== undefined &&
    declared !== undefined &&
    typesAreCompatible({ btf: objectBtf, id: declared.type.type }, { btf: found.btf, id: found.type.type });
  if (agree) return found;
  if (isOptional) return undefined;
  if (found !== undefined) {
    throw refusal(
      `function ${name} has other parameters or another result than the program declares`,
      "It changes between kernels: declare it as this one has it.",
    );
  }
  throw refusal(
    `Linux ${release()} has no function ${name} that programs can call, nor has a module that is loaded`,
    whereElse(essentialName(name)),
    "Declared weak it may be missing, and the program can ask whether it is there.",
  );
}

type Found = KernelFunctionPlace & { readonly btf: Btf; readonly type: BtfType & { readonly kind: "function" } };

function lookUp(name: string): Found | undefined {
  const kernel = kernelBtf();
  const builtIn = kernel.find("function", name);
  if (builtIn !== undefined) return { ...builtIn, btf: kernel, module: undefined };
  for (const module of kernelModules(functionModule(name))) {
    const found = module.btf.find("function", name, kernel.count);
    if (found !== undefined) return { ...found, btf: module.btf, module };
  }
  return undefined;
}

/** What to do about a function that is nowhere. */
function whereElse(name: string): string {
  const module = functionModule(name);
  if (module === undefined) {
    return "Other kernels have it, or it is in a module that is not loaded: modprobe MODULE loads one.";
  }
  if (!existsSync(`/sys/module/${module}`)) return `It is in module ${module}, which is not loaded: modprobe ${module}`;
  return existsSync(`${typesFolder()}/${module}`)
    ? `It is in module ${module} of other kernels: this one's lacks it.`
    : `It is in module ${module}, which does not tell its types: that takes CONFIG_DEBUG_INFO_BTF_MODULES.`;
}

function refusal(answer: string, ...advice: string[]): KernelError {
  return new KernelError({
    code: "WEIR_NOT_SUPPORTED",
    attempted: "look up",
    subject: typesFolder(),
    errno: 0,
    answer,
    advice,
  });
}
