/** Arithmetic on registers. Without a sign unless it says so: `sar` shifts signed, `sdiv` and `smod` divide signed. */
export type AluOperation =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "mod"
  | "and"
  | "or"
  | "xor"
  | "shl"
  | "shr"
  | "sar"
  | "mov"
  /** Signed division and remainder (Linux 6.6). */
  | "sdiv"
  | "smod";

/** Conditions of a jump: `u` compares unsigned, `s` signed; `set` is `(a & b) !== 0`. */
export type Comparison = "eq" | "ne" | "ult" | "ule" | "ugt" | "uge" | "slt" | "sle" | "sgt" | "sge" | "set";

/** Changes of memory that no other CPU can come between. */
export type AtomicOperation =
  | "add"
  | "or"
  | "and"
  | "xor"
  | "fetch-add"
  | "fetch-or"
  | "fetch-and"
  | "fetch-xor"
  | "exchange"
  | "compare-exchange";

/** What a 64-bit immediate load gives; the loader turns all but `constant` into an address. */
export type WideConstant =
  | "constant"
  | "map"
  | "map-value"
  | "variable"
  | "function"
  | "map-by-index"
  | "map-value-by-index";

/** Bits of an access to memory. */
export type Width = 8 | 16 | 32 | 64;

/** What an instruction does. */
export type Effect =
  | { readonly kind: "alu"; readonly operation: AluOperation; readonly width: 32 | 64; readonly operand: OperandKind }
  | { readonly kind: "negate"; readonly width: 32 | 64 }
  | { readonly kind: "sign-extend"; readonly from: 8 | 16 | 32; readonly width: 32 | 64 }
  /** `to` "little" only truncates on a little-endian machine; `to` "other" swaps on every machine (Linux 6.6). */
  | { readonly kind: "byte-order"; readonly to: "little" | "big" | "other"; readonly width: 16 | 32 | 64 }
  | { readonly kind: "load"; readonly width: Width; readonly signed: boolean }
  | { readonly kind: "store"; readonly width: Width; readonly operand: OperandKind }
  | { readonly kind: "atomic"; readonly operation: AtomicOperation; readonly width: 32 | 64 }
  | {
      readonly kind: "jump";
      readonly comparison: Comparison;
      readonly width: 32 | 64;
      readonly operand: OperandKind;
    }
  | { readonly kind: "goto"; readonly distance: "offset" | "immediate" }
  | { readonly kind: "call"; readonly target: "helper" | "function" | "kernel-function" }
  | { readonly kind: "exit" }
  | { readonly kind: "load64"; readonly of: WideConstant };

/** What stands on the right side of an instruction. */
export type OperandKind = "register" | "immediate";

/** A field of an instruction beside its opcode. */
export type OperandField = "destination" | "source" | "offset" | "immediate";

/** One row of the opcode table: a kind of instruction, how it is encoded and how it is written. */
export interface Form {
  /** Says which instruction it is, once in the table: `"alu add 64 register"`. */
  readonly name: string;
  readonly opcode: number;
  /** Fields whose value belongs to the encoding. */
  readonly fixed: Readonly<Partial<Record<OperandField, number>>>;
  /** Fields that are operands. Those that are neither operands nor fixed must be 0. */
  readonly operands: readonly OperandField[];
  /** The disassembly; in braces a field and how it is shown. */
  readonly text: string;
  readonly effect: Effect;
}
