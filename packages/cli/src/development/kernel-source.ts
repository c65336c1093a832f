import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CompileOptions, CompileResult, Source } from "@weir/compiler";
import type { Compiler } from "../compiler.ts";

/** What became of a kernel file. */
export interface Build extends CompileResult {
  /** What it took. */
  readonly milliseconds: number;
}

/** A kernel file that is compiled, and compiled again when it or what it imports has changed. */
export class KernelSource {
  readonly file: string;
  readonly #source: Source;
  readonly #options: CompileOptions;
  /** What the compiler has asked for, by absolute path: also files that are not there, and may come. */
  readonly #read = new Map<string, string | undefined>();

  constructor(file: string, compiler: Compiler, options: CompileOptions) {
    this.file = file;
    this.#source = new compiler.Source(file);
    this.#options = options;
  }

  build(): Build {
    const begin = performance.now();
    this.#read.clear();
    // Of one build all see the same text, however often they ask, and whatever an editor writes meanwhile.
    const readFile = (name: string) => {
      const file = resolve(name);
      if (!this.#read.has(file)) this.#read.set(file, readText(file));
      return this.#read.get(file);
    };
    const result = this.#source.compile({ ...this.#options, readFile });
    return { ...result, milliseconds: performance.now() - begin };
  }

  /** All files that the last build depends on. */
  get files(): readonly string[] {
    return [...this.#read.keys()];
  }

  /** Whether another build would see something else than the last one. */
  get hasChanged(): boolean {
    return [...this.#read].some(([file, text]) => readText(file) !== text);
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Not there, no file, not to be read: the compiler says what is missing, and where it was imported.
    return undefined;
  }
}
