import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mutants } from "./mutants/index.ts";

/** Programs among which there must be one that a broken rule makes go wrong. */
const PROGRAMS = 2000;
/** A compiler that hangs is found out, too. */
const PATIENCE = 1_200_000;
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
    const outcome = huntMutant(index);
    if (outcome === "survives") survivors++;
    write(`${file}: ${breaks}: ${outcome}\n`);
  }
  write(`${tried} mutants, ${survivors} not caught, ${Math.round((Date.now() - start) / 1000)} s\n`);
  // Nothing was asked of a file that there is none of.
  return tried === 0 ? 1 : survivors;
}

/**
 * How the mutant is found out, by which program; `survives` when none of so many programs tells.
 *
 * @param index undefined: the compiler as it is
 */
export function huntMutant(index: number | undefined, programs = PROGRAMS): string {
  const file = index === undefined ? "codegen/" : (mutants[index]?.file ?? "");
  const { status, stdout, stderr, signal } = spawnSync(
    process.execPath,
    ["--conditions=source", "--import", path("mutate.ts"), path("hunt.ts"), String(programs), file],
    {
      encoding: "utf8",
      timeout: PATIENCE,
      env: { ...process.env, WEIR_MUTANT: index === undefined ? "none" : String(index), NODE_COMPILE_CACHE: CACHE },
    },
  );
  if (signal !== null) return `hangs in no program that is known, for ${PATIENCE} ms`;
  if (status !== 0) throw new Error(`the hunt for mutant ${index} failed:\n${stderr}`);
  return stdout === "" ? "survives" : stdout;
}
