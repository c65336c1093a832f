/** The place in a source file that a value or an instruction comes from. */
export interface SourcePosition {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The whole source line, for people who read the verifier's log. */
  readonly text: string;
  /** The call by which the code there became part of another function; undefined for a function's own code. */
  readonly inlined?: InlinedCall;
}

/** A call whose function became part of the caller. */
export interface InlinedCall {
  /** The name of the function that is called. */
  readonly function: string;
  /** Where it is called. */
  readonly call: SourcePosition;
}
