import { resolve } from "node:path";
import ts from "typescript";
import { isLanguageFile } from "./compiler-host.ts";

/** Where the imports of each file lead, in their order, by the absolute path of the file. */
export type Imports = ReadonlyMap<string, readonly (string | undefined)[]>;

/** Which files of a program mean what they meant in the one before: neither they nor anything that they import has changed. */
export class UnchangedFiles {
  #last: ReadonlyMap<ts.SourceFile, readonly (string | undefined)[]> = new Map();

  /** The unchanged files; the program is the one before from now on. */
  next(program: ts.Program, imports: Imports): ReadonlySet<ts.SourceFile> {
    const last = this.#last;
    const files = program.getSourceFiles();
    // The entry is called as it was given, and TypeScript says by absolute paths who imports.
    const leads = (file: ts.SourceFile) => imports.get(resolve(file.fileName)) ?? [];
    this.#last = new Map(files.map((file) => [file, leads(file)]));
    // What declares for all files may be meant by any.
    if (files.some(declaresForAll)) this.#last = new Map();
    const unchanged = new Set([...this.#last.keys()].filter((file) => areSame(leads(file), last.get(file))));
    const isUnchanged = (name: string | undefined): boolean => {
      const file = name === undefined ? undefined : program.getSourceFile(name);
      return file !== undefined && unchanged.has(file);
    };
    for (let count = -1; count !== unchanged.size; ) {
      count = unchanged.size;
      for (const file of unchanged) if (!leads(file).every(isUnchanged)) unchanged.delete(file);
    }
    return unchanged;
  }
}

function declaresForAll(file: ts.SourceFile): boolean {
  if (isLanguageFile(file.fileName)) return false;
  return !ts.isExternalModule(file) || file.statements.some(ts.isModuleDeclaration);
}

function areSame<T>(some: readonly T[], others: readonly T[] | undefined): boolean {
  return some.length === others?.length && some.every((one, index) => one === others[index]);
}
