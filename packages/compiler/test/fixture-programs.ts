import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CompileOptions, type CompileResult, compile } from "../src/index.ts";

const folder = fileURLToPath(new URL("fixtures/programs/", import.meta.url));

/** The programs that must compile, without `.bpf.ts`. */
export const fixturePrograms: readonly string[] = readdirSync(folder).flatMap((file) =>
  file.endsWith(".bpf.ts") ? [file.slice(0, -".bpf.ts".length)] : [],
);

export const fixtureFile = (name: string): string => `${folder}${name}.bpf.ts`;

/** Compiles one for the Linux that its first line names (`// for Linux 6.18`), if it names one. */
export function compileFixture(name: string, options: CompileOptions = {}): CompileResult {
  const file = fixtureFile(name);
  const kernel = /^\/\/ for Linux (\S+)/.exec(readFileSync(file, "utf8"))?.[1];
  return compile(file, { ...options, ...(kernel !== undefined && { kernel }) });
}
