import { dirname, isAbsolute, join, resolve } from "node:path";
import { ConfigError, type PlacedConfig, parsePlacedConfig, readPlacedConfig } from "@weir/config";
import type { Place } from "../rule-set/rule-set.ts";
import { RulesError, type RulesProblem } from "./rules-error.ts";
import { type RuleInFile, rulesFile, type SetInFile } from "./rules-file.ts";

/** Includes within includes: more are rather one that never ends. */
const DEEPEST = 16;
/** Files that are read. */
const MOST_FILES = 256;

type Placed = PlacedConfig<typeof rulesFile>;

/** What a file says somewhere, and where. */
export interface Said<What> {
  readonly what: What;
  /** The file as it is named in messages; others that it names are found from its folder on. */
  readonly file: string;
  /** In the file's data, as in `["rules", 2]`. */
  readonly path: readonly (string | number)[];
  readonly placeOf: Placed["placeOf"];
}

/** What a file and all that it includes say, in the order in which rules are asked. */
export interface AllSaid {
  readonly top: Placed["data"];
  readonly rules: readonly Said<RuleInFile>[];
  readonly sets: readonly (Said<SetInFile> & { readonly name: string })[];
}

/**
 * Reads a rules file and those that it includes.
 *
 * @param text what the file has in it, if it is not to be read
 * @throws {ConfigError} `WEIR_FILE` when it cannot be read
 * @throws {RulesError} with all mistakes of all files; a file that is included and cannot be read is one
 */
export function readFiles(file: string, text?: string): AllSaid {
  const reading = new Reading();
  const top = reading.read([file], undefined, text);
  if (reading.problems.length > 0 || top === undefined) throw new RulesError(reading.problems);
  return { top, rules: reading.rules, sets: reading.sets };
}

class Reading {
  readonly rules: Said<RuleInFile>[] = [];
  readonly sets: (Said<SetInFile> & { readonly name: string })[] = [];
  readonly problems: RulesProblem[] = [];
  /** Where each file was included, by its whole path. */
  readonly #included = new Map<string, Place>();
  #files = 0;

  /** @param chain the files that include each other, down to the one to be read */
  read(chain: readonly string[], from: Said<string> | undefined, text?: string): Placed["data"] | undefined {
    const file = chain.at(-1) ?? "";
    this.#files += 1;
    const placed = this.#parse(file, from, text);
    if (placed === undefined) return undefined;
    const { data, placeOf } = placed;
    if (from !== undefined) this.#checkIncluded(placed, file, from);
    for (const [name, what] of Object.entries(data.sets ?? {})) {
      this.sets.push({ what, name, file, path: ["sets", name], placeOf });
    }
    for (const [index, entry] of (data.rules ?? []).entries()) {
      const path = ["rules", index];
      if ("include" in entry) this.#include(chain, { what: entry.include, file, path: [...path, "include"], placeOf });
      else this.rules.push({ what: entry, file, path, placeOf });
    }
    return data;
  }

  #parse(file: string, from: Said<string> | undefined, text: string | undefined): Placed | undefined {
    try {
      return text === undefined ? readPlacedConfig(file, rulesFile) : parsePlacedConfig(text, file, rulesFile);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      if (error.code === "WEIR_FILE") {
        if (from === undefined) throw error;
        this.problems.push(problemAt(from, error.message));
      }
      this.problems.push(...error.problems.map((problem) => ({ file, ...problem })));
      return undefined;
    }
  }

  #include(chain: readonly string[], from: Said<string>): void {
    const file = pathFrom(from.file, from.what);
    const path = resolve(file);
    const isSame = chain.some((other) => resolve(other) === path);
    const names = [...chain, file].join(" → ");
    // Its rules would be there twice, by the same names.
    const before = this.#included.get(path);
    if (isSame) this.problems.push(problemAt(from, `the file includes itself: ${names}`));
    else if (before !== undefined)
      this.problems.push(problemAt(from, `it is included already, at ${before.file}:${before.line}`));
    else if (chain.length > DEEPEST)
      this.problems.push(problemAt(from, `files are included ${DEEPEST} deep at most: ${names}`));
    else if (this.#files >= MOST_FILES) this.#tooMany(from);
    else {
      this.#included.set(path, placeAt(from));
      this.read([...chain, file], from);
    }
  }

  /** Once. */
  #tooMany(from: Said<string>): void {
    if (this.#files > MOST_FILES) return;
    this.#files += 1;
    this.problems.push(problemAt(from, `more than ${MOST_FILES} files are included`));
  }

  #checkIncluded({ data, placeOf }: Placed, file: string, { file: by }: Said<string>): void {
    for (const key of ["vlan", "default", "fail"] as const) {
      if (data[key] === undefined) continue;
      const message = `is for all rules together, and so for the file that includes this one to say: ${by}`;
      this.problems.push(problemAt({ file, path: [key], placeOf }, message));
    }
  }
}

/** A path in a file, from the folder of that on. */
export function pathFrom(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

/** Something that is wrong with what a file says. */
export function problemAt(said: Pick<Said<unknown>, "file" | "path" | "placeOf">, message: string): RulesProblem {
  const { file, path } = said;
  const text = path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
  return { ...placeAt(said), file, path: text, message };
}

/** Where a file says something. */
export function placeAt({ file, path, placeOf }: Pick<Said<unknown>, "file" | "path" | "placeOf">): Place {
  const { line, column } = placeOf(path);
  return { file, line, column };
}
