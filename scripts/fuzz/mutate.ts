/** Imported before all else: gives the module that `WEIR_MUTANT` breaks as it is when it is broken. No file is changed. */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { mutants } from "./mutants/index.ts";

const { WEIR_MUTANT: number } = process.env;
if (number !== "none") breakModule(Number(number));

function breakModule(index: number): void {
  const mutant = mutants[index];
  if (mutant === undefined) throw new Error("WEIR_MUTANT is the number of no mutant");
  const { file, find, replace } = mutant;
  const broken = new URL(`../../packages/${file}`, import.meta.url).href;
  registerHooks({
    load(url, context, next) {
      if (url !== broken) return next(url, context);
      const parts = readFileSync(fileURLToPath(url), "utf8").split(find);
      if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${find}`);
      return { format: "module-typescript", source: parts.join(replace), shortCircuit: true };
    },
  });
}
