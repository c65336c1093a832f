import type { Span } from "../source-file.ts";
import type { Diagnostic, Note } from "./diagnostic.ts";
import { messageOf } from "./message.ts";
import { Mistake } from "./mistake.ts";
import type { DiagnosticCode } from "./templates.ts";

/** Collects the diagnostics of one compilation. */
export class Reporter {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #seen = new Set<string>();

  report(code: DiagnosticCode, span: Span, ...values: readonly (string | number | bigint)[]): void {
    this.reportWithNotes(code, span, [], ...values);
  }

  reportWithNotes(
    code: DiagnosticCode,
    span: Span,
    notes: readonly Note[],
    ...values: readonly (string | number | bigint)[]
  ): void {
    // A constant of the file is evaluated for each use: its mistake is one mistake.
    const key = `${code} ${span.file.name} ${span.start} ${span.end}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#diagnostics.push(Object.freeze({ code, message: messageOf(code, ...values), span, notes }));
  }

  /** What `work` gives; undefined when it met a mistake, which is reported. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      if (error.code !== undefined) this.report(error.code, error.span, ...error.values);
      // Otherwise the code would be left out, and nobody told.
      if (!this.failed) throw new Error("a mistake was taken for one that is reported already", { cause: error });
      return undefined;
    }
  }

  /** What `work` gives; undefined when it met a mistake, which nobody needs to know. */
  quiet<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof Mistake) return undefined;
      throw error;
    }
  }

  /** File by file, each in the order of its text. */
  get diagnostics(): readonly Diagnostic[] {
    const file = ({ span }: Diagnostic) => span?.file.name ?? "";
    const start = ({ span }: Diagnostic) => span?.start ?? 0;
    return this.#diagnostics.toSorted((a, b) => file(a).localeCompare(file(b)) || start(a) - start(b));
  }

  get failed(): boolean {
    return this.#diagnostics.length > 0;
  }
}
