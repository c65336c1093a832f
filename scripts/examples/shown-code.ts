import { readFileSync } from "node:fs";
import { disassembleProgram } from "@weir/bytecode";
import { type CompileResult, compile } from "@weir/compiler";
import type { ShownCode } from "./example.ts";

/** What a kernel file becomes: what the compiler says of it, its code behind each pass, its instructions. */
export interface Compiled {
  readonly diagnostics: CompileResult["diagnostics"];
  /** Behind each run of each pass. */
  readonly dumps: ReadonlyMap<string, readonly string[]>;
  readonly disassembly: string;
}

/** Compiles an example for the Linux that one of its lines names (`// for Linux 6.12`), if one does. */
export function compileShown(file: string): Compiled {
  const dumps = new Map<string, string[]>();
  const dump = (pass: string, text: string): void => void dumps.set(pass, [...(dumps.get(pass) ?? []), text]);
  const kernel = /^\/\/ for Linux (\S+)$/m.exec(readFileSync(file, "utf8"))?.[1];
  const { object, diagnostics } = compile(file, { dump, ...(kernel !== undefined && { kernel }) });
  const programs = [...(object?.programs.values() ?? [])];
  return {
    diagnostics,
    dumps,
    disassembly: programs.map((program) => disassembleProgram(program, object?.btf)).join(""),
  };
}

/** The text of a block that shows code. */
export function shownText({ dumps, disassembly }: Compiled, { pass, run }: ShownCode): string {
  if (pass === undefined) return disassembly;
  return dumps.get(pass)?.at(run === undefined ? -1 : run - 1) ?? "nothing";
}
