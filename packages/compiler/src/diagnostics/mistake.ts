import type { Span } from "../source-file.ts";
import type { DiagnosticCode } from "./templates.ts";

/** Thrown where a mistake is found, caught where work can go on: at the next statement. */
export class Mistake extends Error {
  readonly code: DiagnosticCode | undefined;
  readonly span: Span;
  readonly values: readonly (string | number | bigint)[];

  /** @param code Undefined for what has been reported already. */
  constructor(code: DiagnosticCode | undefined, span: Span, ...values: readonly (string | number | bigint)[]) {
    super(code);
    this.code = code;
    this.span = span;
    this.values = values;
  }
}
