import type { KernelTypeRelocation } from "@weir/bytecode";
import type { AtomicOperator, BinaryOperator, Comparison, ValueWidth, Width } from "../ir/operation.ts";
import type { SourcePosition } from "../ir/position.ts";
import type { Register } from "./register.ts";

/** The right side of an instruction: a register, or a constant that fits its immediate. */
export type Right = { readonly register: Register } | { readonly immediate: number };

/** One instruction, or two slots of one, before registers are allocated. It computes in place, as the machine does. */
export type Code = CodeAction & { readonly position: SourcePosition | undefined };

/** A helper by its number; one of the kernel's own functions, or of the program's, by its name. */
export type CallTarget = { readonly helper: number } | { readonly kernelFunction: string } | { readonly name: string };

export type CodeAction =
  | { readonly kind: "move"; readonly to: Register; readonly from: Register }
  | { readonly kind: "constant"; readonly to: Register; readonly value: bigint }
  | { readonly kind: "config"; readonly to: Register; readonly config: string; readonly bits: Width }
  | { readonly kind: "map"; readonly to: Register; readonly map: string; readonly of: "map" | "value" }
  | {
      readonly kind: "kernel-type";
      readonly to: Register;
      readonly relocation: KernelTypeRelocation;
      readonly local: number;
    }
  /** The address of another function, which is called now or later. */
  | { readonly kind: "function"; readonly to: Register; readonly name: string; readonly later: boolean }
  /** `to = r10 + offset`: two instructions. */
  | { readonly kind: "frame"; readonly to: Register; readonly offset: number }
  /** `to = low half of from`. */
  | { readonly kind: "truncate"; readonly to: Register; readonly from: Register }
  /** `to operator= right` */
  | {
      readonly kind: "alu";
      readonly operator: BinaryOperator;
      readonly width: ValueWidth;
      readonly to: Register;
      readonly right: Right;
      /**
       * The operands stay where they are: they are an address in a stack and a number. Of `number += address` a verifier forgets in the
       * stack of which function that is, and looks into the program's.
       */
      readonly ordered?: boolean;
    }
  | { readonly kind: "byte-swap"; readonly bits: 16 | 32 | 64; readonly to: Register }
  | {
      readonly kind: "load";
      readonly bits: Width;
      readonly to: Register;
      readonly base: Register;
      readonly offset: number;
      readonly relocation?: KernelTypeRelocation | undefined;
    }
  | {
      readonly kind: "store";
      readonly bits: Width;
      readonly base: Register;
      readonly offset: number;
      readonly right: Right;
    }
  /** With `fetch`, `value` is the old value afterwards. Compare-exchange compares with r0, and leaves the old value there. */
  | {
      readonly kind: "atomic";
      readonly operator: AtomicOperator;
      readonly bits: 32 | 64;
      readonly base: Register;
      readonly offset: number;
      readonly value: Register;
      readonly fetch: boolean;
    }
  /** Arguments are in r1 to r5, the result is in r0. */
  | {
      readonly kind: "call";
      readonly target: CallTarget;
      readonly arguments: number;
    };

/** How a block of code ends. */
export type CodeEnd = { readonly position: SourcePosition | undefined } & (
  | { readonly kind: "jump"; readonly target: CodeBlock }
  | {
      readonly kind: "branch";
      readonly comparison: Comparison;
      readonly width: ValueWidth;
      readonly left: Register;
      readonly right: Right;
      /** How likely the comparison holds, from 0 to 1: an estimate. */
      readonly likelihood: number;
      readonly whenTrue: CodeBlock;
      readonly whenFalse: CodeBlock;
    }
  /** The result is in r0. */
  | { readonly kind: "exit" }
);

export interface CodeBlock {
  readonly id: number;
  readonly name: string;
  /** How often it runs for each time the function does: an estimate. */
  readonly frequency: number;
  code: Code[];
  end: CodeEnd;
}

/** A function as code for the machine; `blocks[0]` is the entry. */
export interface CodeFunction {
  readonly name: string;
  readonly position: SourcePosition | undefined;
  blocks: CodeBlock[];
  /** Bytes of stack in use, from r10 downwards. */
  frame: number;
  /** The next virtual register that is free. */
  nextRegister: Register;
}

export function successorsOf({ end }: CodeBlock): readonly CodeBlock[] {
  if (end.kind === "exit") return [];
  return end.kind === "jump" ? [end.target] : [end.whenTrue, end.whenFalse];
}

/** How likely a block goes on to one of its successors, from 0 to 1. */
export function likelihoodOf({ end }: CodeBlock, successor: CodeBlock): number {
  if (end.kind !== "branch") return 1;
  return end.whenTrue === successor ? end.likelihood : 1 - end.likelihood;
}

/** How often blocks go on to one of their successors, for each time the function runs. */
export function frequencyOfWays(from: readonly CodeBlock[], to: CodeBlock): number {
  return from.reduce((sum, block) => sum + block.frequency * likelihoodOf(block, to), 0);
}
