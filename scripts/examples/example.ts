/** A block of code that the documentation shows, and that has to work. */
export interface Example {
  /** The document that has it: a path below the repository's root. */
  readonly document: string;
  /** Of its first line of code in the document, from 1. */
  readonly line: number;
  readonly text: string;
  /**
   * What other examples of the document import it by: an example may begin with a comment that is nothing but a file
   * name, `// drop.bpf.ts`.
   */
  readonly name: string | undefined;
  /** Written in the kernel language. */
  readonly isKernel: boolean;
  /** What the compiler has to say of it: the block "diagnostics" that follows it. Only kernel examples are shown wrong. */
  readonly diagnostics: string | undefined;
  /** What is shown of its code: blocks "dump PASS", "dump PASS RUN" and "disassembly" behind it, up to the next example. */
  readonly code: readonly ShownCode[];
}

/** What a document shows of the code that an example becomes. */
export interface ShownCode {
  /** Of its first line in the document, from 1. */
  readonly line: number;
  /** The pass behind which the code is like this; undefined: its instructions. */
  readonly pass: string | undefined;
  /** Behind which run of it, from 1; undefined: the last one. */
  readonly run: number | undefined;
  readonly text: string;
}

/** An example that does not work. */
export interface Problem {
  /** Where, as editors open it: `docs/library.md:12`. */
  readonly place: string;
  readonly message: string;
}
