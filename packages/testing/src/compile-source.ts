import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** The kernel file of a test does not compile. The message is what the compiler says, with the places. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  readonly code = "WEIR_COMPILE";
}

/** What a kernel file was compiled to, and from which texts. */
interface Compiled {
  readonly object: ObjectSpec;
  /** By the names of the files, undefined where there was none. */
  readonly texts: ReadonlyMap<string, string | undefined>;
}

const compiled = new Map<string, Compiled>();

/**
 * The object of a file as it is now: of a kernel program in TypeScript, or an object file. A process compiles a kernel program anew
 * only when it, or what it imports, has changed.
 */
export async function objectOf(
  source: URL | string,
  fixed: Readonly<Record<string, bigint>> = {},
): Promise<ObjectSpec> {
  const path = source instanceof URL ? fileURLToPath(source) : source;
  if (!path.endsWith(".ts")) return readObject(readFileSync(path));
  const key = [path, ...Object.entries(fixed).map(([name, value]) => `${name}=${value}`)].join("\n");
  const known = compiled.get(key);
  if (known !== undefined && [...known.texts].every(([name, text]) => textOf(name) === text)) return known.object;
  // The compiler brings the TypeScript library with it: it is loaded when a test needs it.
  const { compile, formatDiagnostics } = await import("@weir/compiler");
  const texts = new Map<string, string | undefined>();
  const readFile = (name: string) => {
    const text = textOf(name);
    texts.set(name, text);
    return text;
  };
  const { object, diagnostics } = compile(path, { fixed, readFile });
  if (object === undefined) throw new CompileError(`${path} does not compile:\n${formatDiagnostics(diagnostics)}`);
  compiled.set(key, { object, texts });
  return object;
}

/** Of files that are asked for because an import may lead there. */
const ABSENT = ["ENOENT", "ENOTDIR", "EISDIR"];

function textOf(name: string): string | undefined {
  try {
    return readFileSync(name, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && ABSENT.includes(String(error.code))) return undefined;
    throw error;
  }
}
