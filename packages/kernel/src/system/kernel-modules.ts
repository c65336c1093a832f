import { readdirSync, readFileSync, statSync } from "node:fs";
import { type Btf, parseSplitBtf } from "@weir/bytecode";
import { hasCode } from "../errors/has-code.ts";
import { kernelBtf } from "./kernel-types.ts";
import { typesFolder } from "./types-folder.ts";

const KERNEL = "vmlinux";

/** A loaded module of the kernel, with its types: they continue the kernel's own. */
export interface KernelModule {
  readonly name: string;
  readonly btf: Btf;
}

/** Modules whose types were read, by path. A module that was loaded anew has another file. */
const known = new Map<string, { readonly file: bigint; readonly module: KernelModule }>();

/**
 * The loaded modules that tell their types, the one with this name first. The types of each are read once, when its turn comes: a
 * hundred modules have some 10 MB of them.
 */
export function* kernelModules(first?: string): Generator<KernelModule, void> {
  const folder = typesFolder();
  const names = readdirSync(folder).filter((name) => name !== KERNEL && name !== first);
  for (const name of first === undefined ? names : [first, ...names]) {
    const module = moduleNamed(name, `${folder}/${name}`);
    if (module !== undefined) yield module;
  }
}

/** Undefined for a module that is not loaded. */
function moduleNamed(name: string, path: string): KernelModule | undefined {
  const file = statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
  if (file === undefined) return undefined;
  const found = known.get(path);
  if (found?.file === file) return found.module;
  const bytes = readIfThere(path);
  if (bytes === undefined) return undefined;
  const module = { name, btf: parseSplitBtf(bytes, kernelBtf()) };
  known.set(path, { file, module });
  return module;
}

/** Undefined for a file of a module that was unloaded meanwhile. */
function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
