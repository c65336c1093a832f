import { readFileSync } from "node:fs";
import { type Btf, parseBtf } from "@weir/bytecode";
import { toJson } from "@weir/engine/json";
import { Command, Option } from "commander";
import type { Compiler } from "../compiler.ts";
import { replaceFile } from "../development/replace-file.ts";
import { CliError } from "../failure.ts";
import { write } from "../session.ts";
import { printable } from "../text/printable.ts";
import type { Declaration } from "./declaration.ts";
import { jsonOption } from "./option-values.ts";

interface TypesFlags {
  readonly output?: string;
  readonly btf: string;
  readonly json?: true;
}

/** The running kernel's own types. */
const KERNEL = "/sys/kernel/btf/vmlinux";

export const declaration: Declaration = (session) =>
  new Command("types")
    .summary("write kernel structures as TypeScript types")
    .description(
      "Writes structures of the kernel, and the arguments of its tracepoints, as TypeScript types for kernel programs to import.",
    )
    .argument("<name...>", "names of structures, unions and tracepoints")
    .addOption(new Option("-o, --output <file>", "write there (default: standard output)"))
    .addOption(new Option("--btf <file>", "take the types from this BTF file").default(KERNEL, "the running kernel's"))
    .addOption(jsonOption("what was written as an object"))
    .action(async (names: string[], { output, btf, json }: TypesFlags) => {
      const compiler = await session.compiler("once");
      const text = typesOf(compiler, btf, names);
      if (output !== undefined) replaceFile(output, text);
      const written = { names, btf, output, ...(output === undefined && { text }) };
      if (json) return write(session.output, `${toJson(written)}\n`, session.signal);
      if (output === undefined) return write(session.output, text, session.signal);
    });

function typesOf({ kernelTypes, UnknownKernelType }: Compiler, file: string, names: readonly string[]): string {
  const btf = read(file);
  try {
    return kernelTypes(btf, names);
  } catch (error) {
    if (!(error instanceof UnknownKernelType)) throw error;
    throw new CliError(
      "WEIR_USAGE",
      `${printable(error.message)}\n  Names are the kernel's own: task_struct, sk_buff, sched_switch.`,
    );
  }
}

function read(file: string): Btf {
  try {
    return parseBtf(readFileSync(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError("WEIR_FILE", `${file} cannot be read: ${reason}`);
  }
}
