/** One rule of the compiler, broken on purpose. */
export interface Mutant {
  /** From `packages/`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What is wrong then. */
  readonly breaks: string;
}
