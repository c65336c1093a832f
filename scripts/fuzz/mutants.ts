import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mutants } from "./mutants/index.ts";

/** Programs among which there must be one that a broken rule makes go wrong. */
const PROGRAMS = 2000;
/** A compiler that hangs is found out, too. */
const PATIENCE = 600_000;

/** Starting takes most of the time otherwise. */
const CACHE = join(tmpdir(), "weir-fuzz-compile-cache");

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Breaks the compiler's rules one by one, and sees that random programs tell; gives how many they do not tell of. */
export function fuzzMutants(which: string, write: (text: string) => void): number {
  let [tried, survivors] = [0, 0];
  const start = Date.now();
  for (const [index, { file, breaks }] of mutants.entries()) {
    if (which !== "all" && !file.includes(which)) continue;
    tried++;
    const { status, stdout, stderr, signal } = spawnSync(
      process.execPath,
      ["--conditions=source", "--import", path("mutate.ts"), path("hunt.ts"), String(PROGRAMS), file],
      {
        encoding: "utf8",
        timeout: PATIENCE,
        env: { ...process.env, WEIR_MUTANT: String(index), NODE_COMPILE_CACHE: CACHE },
      },
    );
    const outcome = signal !== null ? "hangs" : status !== 0 ? stderr : stdout === "" ? "SURVIVES" : stdout;
    if (outcome === "SURVIVES" || (status !== 0 && signal === null)) survivors++;
    write(`${file}: ${breaks}: ${outcome}\n`);
  }
  write(`${tried} mutants, ${survivors} not caught, ${Math.round((Date.now() - start) / 1000)} s\n`);
  return survivors;
}
