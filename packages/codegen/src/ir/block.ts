import type { Condition } from "./condition.ts";
import type { SourcePosition } from "./position.ts";
import type { Value } from "./value.ts";

/** How a block ends. */
export type Terminator =
  | { readonly kind: "jump"; readonly target: Block; readonly position: SourcePosition | undefined }
  | (Condition & {
      readonly kind: "branch";
      readonly whenTrue: Block;
      readonly whenFalse: Block;
      /** Which arm is hardly ever taken, if the program says so. */
      readonly seldom?: "whenTrue" | "whenFalse" | undefined;
      readonly position: SourcePosition | undefined;
    })
  | { readonly kind: "return"; readonly value: Value; readonly position: SourcePosition | undefined };

export type Branch = Extract<Terminator, { kind: "branch" }>;

/** A basic block. The operands of its phis are in the order of its predecessors. */
export class Block {
  readonly id: number;
  readonly name: string;
  readonly predecessors: Block[] = [];
  phis: Value[] = [];
  values: Value[] = [];
  #terminator: Terminator | undefined;
  #successors: readonly Block[] | undefined;

  constructor(id: number, name: string) {
    this.id = id;
    this.name = name;
  }

  get terminator(): Terminator | undefined {
    return this.#terminator;
  }

  set terminator(terminator: Terminator | undefined) {
    this.#terminator = terminator;
    this.#successors = undefined;
  }

  /** Where control may go from here; none after a return. */
  get successors(): readonly Block[] {
    // Asked much more often than it changes.
    this.#successors ??= successorsOf(this.#terminator);
    return this.#successors;
  }
}

function successorsOf(terminator: Terminator | undefined): readonly Block[] {
  if (terminator === undefined || terminator.kind === "return") return [];
  return terminator.kind === "jump" ? [terminator.target] : [terminator.whenTrue, terminator.whenFalse];
}
