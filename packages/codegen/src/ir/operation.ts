import type { KernelTypeRelocation } from "@weir/bytecode";

/** Bits of a value in memory. */
export type Width = 8 | 16 | 32 | 64;
/** Bits of a value in a register. A 32-bit value has zeros above, as 32-bit instructions leave them. */
export type ValueWidth = 32 | 64;

/** Operators of two values, which wrap; division is unsigned, `sar` alone looks at the sign. */
export type BinaryOperator = "add" | "sub" | "mul" | "div" | "mod" | "and" | "or" | "xor" | "shl" | "shr" | "sar";

/** Conditions of a branch; `set` is `(a & b) !== 0`. */
export type Comparison = "eq" | "ne" | "ult" | "ule" | "ugt" | "uge" | "slt" | "sle" | "sgt" | "sge" | "set";

/** Of these it does not matter which operand comes first. */
export const COMMUTATIVE: ReadonlySet<BinaryOperator> = new Set(["add", "mul", "and", "or", "xor"]);

/** The comparison that holds exactly when another one does not; there is none for `set`. */
export const INVERTED: Readonly<Record<Comparison, Comparison | undefined>> = {
  eq: "ne",
  ne: "eq",
  ult: "uge",
  ule: "ugt",
  ugt: "ule",
  uge: "ult",
  slt: "sge",
  sle: "sgt",
  sgt: "sle",
  sge: "slt",
  set: undefined,
};

/** Changes of memory that no other CPU can come between. */
export type AtomicOperator = "add" | "and" | "or" | "xor" | "exchange" | "compare-exchange";

/** A piece of the 512-byte stack. Slots whose lives do not overlap share bytes. */
export interface StackSlot {
  readonly id: number;
  /** Bytes. */
  readonly size: number;
  /** Bytes: 1, 2, 4 or 8. */
  readonly alignment: number;
}

/** What a value is: plain data, its operands are in {@link Value.operands}. */
export type Operation =
  // Leaves: in no block, the same everywhere in the function, made again wherever they are used.
  | { readonly kind: "constant"; readonly value: bigint }
  | { readonly kind: "config"; readonly config: string; readonly bits: Width }
  /** The address of a map, or of the only value in it (global variables). */
  | { readonly kind: "map"; readonly map: string; readonly of: "map" | "value" }
  /** A number that depends on what the running kernel's types are like; `local` is what it is by the object's own types. */
  | { readonly kind: "kernel-type"; readonly relocation: KernelTypeRelocation; readonly local: number }
  | { readonly kind: "stack"; readonly slot: StackSlot }
  /** The address of another function of the module, for helpers that call it: at once, or later, with a stack of its own. */
  | { readonly kind: "function"; readonly name: string; readonly later: boolean }
  | { readonly kind: "parameter"; readonly index: number }
  // Pure.
  | { readonly kind: "phi" }
  | { readonly kind: "binary"; readonly operator: BinaryOperator }
  /** 32 bits to 64. Costs nothing, because a 32-bit value has zeros above. */
  | { readonly kind: "zero-extend" }
  | { readonly kind: "sign-extend"; readonly from: 8 | 16 | 32 }
  /** 64 bits to 32. */
  | { readonly kind: "truncate" }
  | { readonly kind: "byte-swap"; readonly bits: 16 | 32 | 64 }
  // With effects. Operands: the address first, then what is stored.
  | {
      readonly kind: "load";
      readonly bits: Width;
      readonly offset: number;
      readonly volatile: boolean;
      /** The kernel makes a pointer into the packet of it. */
      readonly packet: boolean;
      /** Where it is in the running kernel's type, which the loader puts in the place of `offset`. */
      readonly relocation: KernelTypeRelocation | undefined;
    }
  | { readonly kind: "store"; readonly bits: Width; readonly offset: number }
  /** At once for all CPUs; with `fetch` it gives the value before. Compare-exchange has what is expected as a third operand. */
  | {
      readonly kind: "atomic";
      readonly operator: AtomicOperator;
      readonly bits: 32 | 64;
      readonly offset: number;
      readonly fetch: boolean;
    }
  | { readonly kind: "call-helper"; readonly helper: number }
  /** One of the kernel's own functions, whose number the loader finds. */
  | { readonly kind: "call-kernel-function"; readonly name: string }
  | { readonly kind: "call-function"; readonly name: string };

/** Whether an operation reads or writes what it is given the address of, or lets others do so. */
export function usesMemory({ kind }: Operation): boolean {
  return kind === "load" || kind === "store" || kind === "atomic" || kind.startsWith("call-");
}
