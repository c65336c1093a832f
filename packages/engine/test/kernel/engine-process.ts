import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { NetworkNamespace } from "@weir/laboratory";

const ENGINE = join(import.meta.dirname, "../../src/index.ts");

/** Starts a process in a namespace that runs a piece of code with everything that the engine exports. */
export function startEngine(namespace: NetworkNamespace, code: string): ChildProcess {
  const program = `import * as engine from ${JSON.stringify(ENGINE)}; ${code}`;
  const words = ["--conditions=source", "--input-type=module-typescript", "-e", program];
  return namespace.spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
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
