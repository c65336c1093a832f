/** The place in a source file that a value or an instruction comes from. */
export interface SourcePosition {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The whole source line, for people who read the verifier's log. */
  readonly text: string;
}
