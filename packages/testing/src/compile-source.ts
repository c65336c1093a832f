import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** The kernel file of a test does not compile. The message is what the compiler says, with the places. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  readonly code = "WEIR_COMPILE";
}

/** What the files of this process were compiled to. */
const compiled = new Map<string, ObjectSpec>();

/**
 * The object of a file: a kernel program in TypeScript, or an object file. A kernel program is compiled once for each process and
 * each set of fixed values.
 */
export async function objectOf(
  source: URL | string,
  fixed: Readonly<Record<string, bigint>> = {},
): Promise<ObjectSpec> {
  const path = source instanceof URL ? fileURLToPath(source) : source;
  if (!path.endsWith(".ts")) return readObject(readFileSync(path));
  const key = [path, ...Object.entries(fixed).map(([name, value]) => `${name}=${value}`)].join("\n");
  const known = compiled.get(key);
  if (known !== undefined) return known;
  // The compiler brings the TypeScript library with it: it is loaded when a test needs it.
  const { compile, formatDiagnostics } = await import("@weir/compiler");
  const { object, diagnostics } = compile(path, { fixed });
  if (object === undefined) throw new CompileError(`${path} does not compile:\n${formatDiagnostics(diagnostics)}`);
  compiled.set(key, object);
  return object;
}
