import type { BinaryOperator, Comparison, ValueWidth, Width } from "../../src/index.ts";

/** A program that random tests make, run by an oracle and compile: a small language over variables, packet, stack and map. */
export interface Program {
  readonly functions: readonly { readonly name: string; readonly body: readonly Statement[] }[];
  readonly body: readonly Statement[];
}

/** Variables 0 to 3 have 32 bits, 4 to 7 have 64. */
export const VARIABLES = 8;
/** Stack slots of 8 bytes; initialised to 0. */
export const SLOTS = 3;
/** Elements of the array map, 8 bytes each. */
export const ELEMENTS = 4;

export function widthOf(variable: number): ValueWidth {
  return variable < 4 ? 32 : 64;
}

export type Expression =
  | { readonly kind: "constant"; readonly width: ValueWidth; readonly value: bigint }
  | { readonly kind: "variable"; readonly variable: number }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly width: ValueWidth;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "zero-extend"; readonly from: 8 | 16 | 32; readonly to: ValueWidth; readonly value: Expression }
  | { readonly kind: "sign-extend"; readonly from: 8 | 16 | 32; readonly to: ValueWidth; readonly value: Expression }
  | { readonly kind: "truncate"; readonly to: 8 | 16 | 32; readonly value: Expression }
  | { readonly kind: "byte-swap"; readonly bits: 16 | 32 | 64; readonly value: Expression }
  | { readonly kind: "slot"; readonly slot: number; readonly bits: Width; readonly offset: number };

export interface Test {
  readonly comparison: Comparison;
  readonly width: ValueWidth;
  readonly left: Expression;
  readonly right: Expression;
}

/** A comparison with a constant. */
export interface Question {
  readonly comparison: Comparison;
  readonly constant: bigint;
}

export type Statement =
  | { readonly kind: "assign"; readonly variable: number; readonly value: Expression }
  | {
      readonly kind: "if";
      readonly test: Test;
      readonly whenTrue: readonly Statement[];
      readonly whenFalse: readonly Statement[];
    }
  /** Asks where one number lies: of one group all questions must be answered by yes. */
  | {
      readonly kind: "range";
      readonly width: ValueWidth;
      readonly value: Expression;
      readonly groups: readonly (readonly Question[])[];
      readonly whenTrue: readonly Statement[];
      readonly whenFalse: readonly Statement[];
    }
  /** Keeps a number or 0, as the test says, and asks which of them it was only behind other statements. */
  | {
      readonly kind: "later";
      readonly test: Test;
      readonly kept: Expression;
      /** Where it is kept. */
      readonly whenTrue: readonly Statement[];
      readonly between: readonly Statement[];
      readonly whenKept: readonly Statement[];
      readonly result: number;
    }
  /** Each of these variables is given what the next one holds, and the last one what the first one holds, all at once. */
  | { readonly kind: "exchange"; readonly variables: readonly number[] }
  | {
      readonly kind: "loop";
      readonly times: number;
      /** The lower bits of this are rounds, too: where they are not known while compiling, the loop is not written out. */
      readonly more: Expression | undefined;
      readonly body: readonly Statement[];
    }
  /** Where `test` holds, as many rounds as the lower bits of `rounds` say: asked one behind the other, with nothing to do in between. */
  | {
      readonly kind: "countdown";
      readonly rounds: Expression;
      readonly test: Test;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: "store-slot";
      readonly slot: number;
      readonly bits: Width;
      readonly offset: number;
      readonly value: Expression;
    }
  /** Reads from, or writes to, the packet at `offset + (index & mask)` if that is inside, else runs `outside`. */
  | {
      readonly kind: "packet";
      readonly offset: number;
      readonly index: Expression | undefined;
      readonly bits: Width;
      readonly access: { readonly read: number } | { readonly write: Expression };
      readonly outside: readonly Statement[];
    }
  /**
   * Adds to an element of the map, at once or by load and store, and keeps the old value; an index beyond the end does nothing. With
   * `aside` the number, if it is even, is stored in the first stack slot instead, and what the element holds then is kept.
   */
  | {
      readonly kind: "map";
      readonly index: Expression;
      /** The index is changed where it lies on the stack: this of its lower two bytes is one more. */
      readonly changed: Expression | undefined;
      readonly added: Expression;
      readonly way: "atomic" | "plain" | "aside";
      readonly old: number;
    }
  | {
      readonly kind: "call";
      readonly callee: string;
      readonly arguments: readonly Expression[];
      readonly result: number;
    }
  | { readonly kind: "return"; readonly value: Expression };

/** Rounds that a loop may have further are masked with this: the verifier follows each of them. */
export const ROUNDS_MASK = 3n;

/** An index into the packet is masked with this, so that the verifier knows its limit. */
export const INDEX_MASK = 63n;
