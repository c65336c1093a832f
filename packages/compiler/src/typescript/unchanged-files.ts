import ts from "typescript";
import { isLanguageFile } from "./compiler-host.ts";

/** Which files of a program mean what they meant in the one before: neither they nor anything that they import has changed. */
export class UnchangedFiles {
  #last: ReadonlyMap<ts.SourceFile, readonly (ts.SourceFile | undefined)[]> = new Map();

  /** The unchanged files; the program is the one before from now on. */
  next(checked: ts.BuilderProgram): ReadonlySet<ts.SourceFile> {
    const program = checked.getProgram();
    const files = program.getSourceFiles();
    const imports = new Map(
      files.map((file) => [file, checked.getAllDependencies(file).map((name) => program.getSourceFile(name))]),
    );
    const last = this.#last;
    // What declares for all files may be meant by any.
    if (files.some(declaresForAll)) {
      this.#last = new Map();
      return new Set();
    }
    this.#last = imports;
    return new Set(files.filter((file) => areSame(imports.get(file), last.get(file))));
  }
}

function declaresForAll(file: ts.SourceFile): boolean {
  if (isLanguageFile(file.fileName)) return false;
  return !ts.isExternalModule(file) || file.statements.some(ts.isModuleDeclaration);
}

function areSame<T>(some: readonly T[] | undefined, others: readonly T[] | undefined): boolean {
  if (some === undefined || others === undefined) return false;
  return some.length === others.length && some.every((one, index) => one === others[index]);
}
