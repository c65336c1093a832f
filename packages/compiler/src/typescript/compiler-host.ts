import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The files that declare the words of the language. */
const folder = fileURLToPath(new URL("../../language/", import.meta.url));
/** What stands in for TypeScript's own library. */
export const library = fileURLToPath(new URL("../../language/library.d.ts", import.meta.url));
const language = fileURLToPath(new URL("../../language/index.d.ts", import.meta.url));

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

/** The files of the language itself do not change while a process runs. */
const languageFiles = new Map<string, ts.SourceFile>();

/** Whether a file declares the language, and is none of the user's. */
export function isLanguageFile(name: string): boolean {
  return name.startsWith(folder) || name === layout;
}

/** The text of a file, undefined when there is none. */
export function readText(name: string): string | undefined {
  try {
    return readFileSync(name, "utf8");
  } catch {
    return undefined;
  }
}

/** Lets TypeScript see the files of the language, and through `readFile` those of the user. */
export function host(readFile: (name: string) => string | undefined): ts.CompilerHost {
  const text = (name: string) => (isLanguageFile(name) ? readText(name) : readFile(name));
  return {
    getSourceFile(name, target) {
      const known = languageFiles.get(name);
      if (known !== undefined) return known;
      const content = text(name);
      if (content === undefined) return undefined;
      const file = ts.createSourceFile(name, content, target, true);
      if (isLanguageFile(name)) languageFiles.set(name, file);
      return file;
    },
    getDefaultLibFileName: () => library,
    writeFile: () => undefined,
    getCurrentDirectory: () => ts.sys.getCurrentDirectory(),
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (name) => text(name) !== undefined,
    readFile: text,
    resolveModuleNameLiterals: (literals, containing) =>
      literals.map(({ text: name }) => {
        const fixed =
          name === "@weir/compiler/language" ? language : name === "@weir/bytecode/layout" ? layout : undefined;
        if (fixed !== undefined) {
          return { resolvedModule: { resolvedFileName: fixed, extension: fixed.endsWith(".d.ts") ? ".d.ts" : ".ts" } };
        }
        return ts.resolveModuleName(name, containing, options, {
          fileExists: (file) => text(file) !== undefined,
          readFile: text,
        });
      }),
  };
}
