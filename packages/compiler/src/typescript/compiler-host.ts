import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { languageFolder } from "../language-folder.ts";

/** What stands in for TypeScript's own library. */
export const library = `${languageFolder}library.d.ts`;
const declared = (name: string): string => `${languageFolder}${name}.d.ts`;
const language = declared("index");

/** How kernel files are checked; `language/tsconfig.json` says the same to editors. */
export const options: ts.CompilerOptions = {
  noLib: true,
  noEmit: true,
  strict: true,
  types: [],
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  // The declarations of record layouts that need no library (see the exports of @weir/bytecode).
  customConditions: ["weir-kernel"],
  noImplicitReturns: true,
  skipLibCheck: true,
};

/** The layout package is found from here, wherever the kernel file lies. */
const layout = ts.resolveModuleName("@weir/bytecode/layout", fileURLToPath(import.meta.url), options, ts.sys)
  .resolvedModule?.resolvedFileName;

/** What kernel files import by these names, wherever they lie. */
const fixedModules: ReadonlyMap<string, string | undefined> = new Map([
  ["@weir/compiler/language", language],
  ["@weir/compiler/language/helpers", declared("helpers")],
  ["@weir/compiler/language/kernel-functions", declared("kernel-functions")],
  ["@weir/bytecode/layout", layout],
]);

/** The files of the language itself do not change while a process runs. */
const languageFiles = new Map<string, ts.SourceFile>();

/** A file as TypeScript wants it; of two with one name and one `version` the text is the same. */
export function parsed(name: string, text: string, version: string): ts.SourceFile {
  const syntax = { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  // The version is a field that TypeScript's own declarations leave out, and that the reuse of what it knows goes by.
  return Object.assign(ts.createSourceFile(name, text, syntax), { version });
}

/** Whether a file declares the language, and is none of the user's. */
export function isLanguageFile(name: string): boolean {
  return name.startsWith(languageFolder) || name === layout;
}

/** The text of a file, undefined when there is none. */
export function readText(name: string): string | undefined {
  try {
    return readFileSync(name, "utf8");
  } catch {
    return undefined;
  }
}

/** Gives the text of a file, undefined when there is none. */
export type ReadFile = (name: string) => string | undefined;

/**
 * Lets TypeScript see the files of the language, and through `readFile` those of the user, which `parse` parses.
 *
 * @param imported told where the imports of a file lead
 */
export function host(
  readFile: ReadFile,
  parse: (name: string, text: string) => ts.SourceFile,
  imported: (file: string, leads: readonly (string | undefined)[]) => void,
): ts.CompilerHost & { hasInvalidatedResolutions(): boolean } {
  const text = (name: string) => (isLanguageFile(name) ? readText(name) : readFile(name));
  const resolve = (name: string, containing: string): ts.ResolvedModuleWithFailedLookupLocations => {
    const fixed = fixedModules.get(name);
    if (fixed !== undefined) {
      return { resolvedModule: { resolvedFileName: fixed, extension: fixed.endsWith(".d.ts") ? ".d.ts" : ".ts" } };
    }
    return ts.resolveModuleName(name, containing, options, {
      fileExists: (file) => text(file) !== undefined,
      readFile: text,
    });
  };
  return {
    getSourceFile(name) {
      const known = languageFiles.get(name);
      if (known !== undefined) return known;
      const content = text(name);
      if (content === undefined) return undefined;
      if (!isLanguageFile(name)) return parse(name, content);
      const file = parsed(name, content, "of the language");
      languageFiles.set(name, file);
      return file;
    },
    // What an import leads to depends on which files there are, and those may have come or gone.
    hasInvalidatedResolutions: () => true,
    getDefaultLibFileName: () => library,
    writeFile: () => undefined,
    getCurrentDirectory: () => ts.sys.getCurrentDirectory(),
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (name) => text(name) !== undefined,
    readFile: text,
    resolveModuleNameLiterals(literals, containing) {
      const resolved = literals.map(({ text: name }) => resolve(name, containing));
      imported(
        containing,
        resolved.map(({ resolvedModule }) => resolvedModule?.resolvedFileName),
      );
      return resolved;
    },
  };
}
