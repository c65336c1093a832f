import { relative } from "node:path";
import ts from "typescript";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { templates } from "../diagnostics/templates.ts";
import { SourceFile, type Span } from "../source-file.ts";
import type { ModuleSyntax } from "../syntax/module.ts";
import { host, isLanguageFile, library, options, parsed, type ReadFile, readText } from "./compiler-host.ts";
import { Reader } from "./reader.ts";

export interface ParsedProgram {
  /** Undefined when there are diagnostics. */
  readonly module: ModuleSyntax | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const MISSING_GLOBAL_TYPE = 2318;

/** Parses and checks a kernel file with what it imports; each time only what has changed since the last one. */
export class ProgramParser {
  readonly #entry: string;
  readonly #parsed = new Map<string, ts.SourceFile>();
  #last: ts.SemanticDiagnosticsBuilderProgram | undefined;
  #versions = 0;

  constructor(entry: string) {
    this.#entry = entry;
  }

  /**
   * @param readFile The text of a file, undefined when there is none; from the disk unless given.
   * @param typesKnown TypeScript finds no mistake in the types, and need not look for one.
   */
  parse(readFile: ReadFile = readText, { typesKnown = false } = {}): ParsedProgram {
    if (readFile(this.#entry) === undefined) {
      return {
        module: undefined,
        diagnostics: [problem("WEIR1000", templates.WEIR1000.replace("{0}", this.#entry), undefined)],
      };
    }
    const asked = host(readFile, (name, text) => this.#parse(name, text));
    this.#last = ts.createSemanticDiagnosticsBuilderProgram([library, this.#entry], options, asked, this.#last);
    return read(this.#last, this.#entry, typesKnown);
  }

  #parse(name: string, text: string): ts.SourceFile {
    const known = this.#parsed.get(name);
    if (known?.text === text) return known;
    const file = parsed(name, text, String(this.#versions++));
    this.#parsed.set(name, file);
    return file;
  }
}

function read(checked: ts.SemanticDiagnosticsBuilderProgram, entry: string, typesKnown: boolean): ParsedProgram {
  const program = checked.getProgram();
  const files = new Map<string, SourceFile>();
  const fileOf = (file: ts.SourceFile): SourceFile => {
    let known = files.get(file.fileName);
    if (known === undefined) {
      known = new SourceFile(displayName(file.fileName), file.text);
      files.set(file.fileName, known);
    }
    return known;
  };
  const found: ts.Diagnostic[] = [...program.getSyntacticDiagnostics(), ...program.getGlobalDiagnostics()];
  if (found.length === 0 && !typesKnown) found.push(...checked.getSemanticDiagnostics());
  const diagnostics = found
    .filter(({ file }) => file === undefined || !isLanguageFile(file.fileName))
    // Of a type of JavaScript's own that only what the reader refuses would need: `Promise`, for `async`.
    .filter(({ code, file }) => code !== MISSING_GLOBAL_TYPE || file !== undefined)
    .map(({ code, messageText, file, start = 0, length = 0 }) =>
      problem(
        `TS${code}`,
        ts.flattenDiagnosticMessageText(messageText, "\n  "),
        file && { file: fileOf(file), start, end: start + length },
      ),
    );
  const source = program.getSourceFile(entry);
  if (diagnostics.length > 0 || source === undefined) return { module: undefined, diagnostics };
  return { module: new Reader(program.getTypeChecker(), fileOf).module(source), diagnostics };
}

function problem(code: string, message: string, span: Span | undefined): Diagnostic {
  return Object.freeze({ code, message, span, notes: [] });
}

/** From the working directory where that is shorter: so an object does not depend on where the repository lies. */
function displayName(name: string): string {
  const fromHere = relative("", name);
  return fromHere.startsWith("..") ? name : fromHere;
}
