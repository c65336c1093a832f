import { relative } from "node:path";
import ts from "typescript";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { messageOf } from "../diagnostics/message.ts";
import { SourceFile, type Span } from "../source-file.ts";
import type { ModuleSyntax } from "../syntax/module.ts";
import { advised } from "./advice.ts";
import { host, isLanguageFile, library, options, parsed, type ReadFile, readText } from "./compiler-host.ts";
import { constructAround } from "./construct-around.ts";
import { Reader } from "./reader.ts";
import { UnchangedFiles } from "./unchanged-files.ts";

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
  readonly #shown = new WeakMap<ts.SourceFile, SourceFile>();
  readonly #imports = new Map<string, readonly (string | undefined)[]>();
  readonly #unchanged = new UnchangedFiles();
  readonly #reader = new Reader((file) => this.#show(file));
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
      const unreadable = problem("WEIR1000", messageOf("WEIR1000", this.#entry), undefined);
      return { module: undefined, diagnostics: [unreadable] };
    }
    const asked = host(
      readFile,
      (name, text) => this.#parse(name, text),
      (file, leads) => this.#imports.set(file, leads),
    );
    this.#last = ts.createSemanticDiagnosticsBuilderProgram([library, this.#entry], options, asked, this.#last);
    return this.#read(this.#last, typesKnown);
  }

  #parse(name: string, text: string): ts.SourceFile {
    const known = this.#parsed.get(name);
    if (known?.text === text) return known;
    const file = parsed(name, text, String(this.#versions++));
    this.#parsed.set(name, file);
    return file;
  }

  /** A file as those who use the language see it. */
  #show(file: ts.SourceFile): SourceFile {
    const shown = this.#shown.get(file) ?? new SourceFile(displayName(file.fileName), file.text);
    this.#shown.set(file, shown);
    return shown;
  }

  #read(checked: ts.SemanticDiagnosticsBuilderProgram, typesKnown: boolean): ParsedProgram {
    const program = checked.getProgram();
    const found: ts.Diagnostic[] = [...program.getSyntacticDiagnostics(), ...program.getGlobalDiagnostics()];
    const isTypeScript = found.length === 0;
    if (isTypeScript && !typesKnown) found.push(...checked.getSemanticDiagnostics());
    const diagnostics = found
      .filter(({ file }) => file === undefined || !isLanguageFile(file.fileName))
      // Of a type of JavaScript's own that only what the reader refuses would need: `Promise`, for `async`.
      .filter(({ code, file }) => code !== MISSING_GLOBAL_TYPE || file !== undefined)
      .map((diagnostic) => this.#explain(diagnostic, isTypeScript))
      // Several mistakes in one construct that the language does not have are one.
      .filter((one, index, all) => all.findIndex((other) => isSame(one, other)) === index);
    const source = program.getSourceFile(this.#entry);
    if (diagnostics.length > 0 || source === undefined) return { module: undefined, diagnostics };
    this.#reader.next(program.getTypeChecker(), this.#unchanged.next(program, this.#imports));
    return { module: this.#reader.module(source), diagnostics };
  }

  /** @param isTypeScript Otherwise nobody knows what the text was to be. */
  #explain({ code, messageText, file, start = 0, length = 0 }: ts.Diagnostic, isTypeScript: boolean): Diagnostic {
    const message = ts.flattenDiagnosticMessageText(messageText, "\n  ");
    const all = file?.text ?? "";
    const place = { before: all.slice(Math.max(0, start - 20), start), text: all.slice(start, start + length) };
    const advice = advised(code, message, place);
    // Other files may be shared with user space, which has all of TypeScript.
    const isOurs = isTypeScript && file?.fileName === this.#entry;
    const construct = isOurs && advice === message ? constructAround(file, start) : undefined;
    if (file === undefined || construct === undefined) {
      return problem(`TS${code}`, advice, file && { file: this.#show(file), start, end: start + length });
    }
    const { is, node } = construct;
    const span = { file: this.#show(file), start: node.getStart(file), end: node.end };
    return is.remedy === undefined
      ? problem("WEIR1001", messageOf("WEIR1001", is.what), span)
      : problem("WEIR1006", messageOf("WEIR1006", is.what, is.remedy), span);
  }
}

function problem(code: string, message: string, span: Span | undefined): Diagnostic {
  return Object.freeze({ code, message, span, notes: [] });
}

const isSame = (one: Diagnostic, other: Diagnostic): boolean =>
  one.message === other.message && one.span?.file === other.span?.file && one.span?.start === other.span?.start;

/** From the working directory where that is shorter: so an object does not depend on where the repository lies. */
function displayName(name: string): string {
  const fromHere = relative("", name);
  return fromHere.startsWith("..") ? name : fromHere;
}
