import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkNamespace } from "@weir/laboratory";

const ENGINE = join(import.meta.dirname, "../../src/index.ts");

/** Where processes find the engine compiled: it is most of what starting one takes, and some tests start hundreds. */
const CACHE = join(tmpdir(), "weir-test-engine");

/** Starts a process in a namespace that runs a piece of code with everything that the engine exports. */
export function startEngine(namespace: NetworkNamespace, code: string): ChildProcess {
  // Node would write what it has compiled when it ends, and most of these are killed.
  const program = `
    import * as engine from ${JSON.stringify(ENGINE)};
    import { flushCompileCache } from "node:module";
    flushCompileCache();
    ${code}`;
  const words = ["--conditions=source", "--input-type=module-typescript", "-e", program];
  const env = { ...process.env, NODE_COMPILE_CACHE: CACHE };
  return namespace.spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"], env });
}

/** In an emulated machine Node itself crashes now and then as it starts, by one of these. */
const CRASHES: ReadonlySet<string | null> = new Set(["SIGTRAP", "SIGSEGV", "SIGILL", "SIGABRT"]);
const STARTS = process.env.WEIR_TEST_PATIENCE === undefined ? 1 : 4;

/** The same, and waits for the process's first line. */
export async function startedEngine(
  namespace: NetworkNamespace,
  code: string,
): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  for (let start = 1; ; start++) {
    const child = startEngine(namespace, code);
    try {
      return { child, line: await firstLine(child) };
    } catch (error) {
      if (start === STARTS || !CRASHES.has(child.signalCode)) throw error;
    }
  }
}

/** What a process prints until it ends. */
export async function outputOf(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const part of child.stdout ?? []) text += String(part);
  return text;
}

/** Waits for the first line of a process. */
export async function firstLine(child: ChildProcess): Promise<string> {
  for await (const part of child.stdout ?? []) return String(part).trim();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  throw new Error(`the process ended without a word: ${child.signalCode ?? `with code ${child.exitCode}`}`);
}
