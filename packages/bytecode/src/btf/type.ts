/** How far a function or a variable is visible. */
export type BtfLinkage = "static" | "global" | "extern";

/** A field of a struct or union. */
export interface BtfMember {
  readonly name: string;
  /** Id of its type. */
  readonly type: number;
  readonly bitOffset: number;
  /** Only for bit fields. */
  readonly bitSize?: number;
}

/** An integer. */
export interface BtfInt {
  readonly kind: "int";
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly encoding: "unsigned" | "signed" | "char" | "bool";
  /** Only when fewer than all bits of it are used. */
  readonly bits?: number;
}

/**
 * One type as BTF describes it (Documentation/bpf/btf.rst). A `type` is the id of another one; 0 is `void`.
 */
export type BtfType =
  | { readonly kind: "void" }
  | BtfInt
  | { readonly kind: "pointer" | "volatile" | "const" | "restrict"; readonly type: number }
  | { readonly kind: "typedef" | "type-tag"; readonly name: string; readonly type: number }
  | { readonly kind: "array"; readonly type: number; readonly indexType: number; readonly length: number }
  | {
      readonly kind: "struct" | "union";
      readonly name: string;
      readonly size: number;
      readonly members: readonly BtfMember[];
    }
  | {
      readonly kind: "enum" | "enum64";
      readonly name: string;
      readonly size: number;
      readonly signed: boolean;
      readonly values: readonly { readonly name: string; readonly value: bigint }[];
    }
  | { readonly kind: "forward"; readonly name: string; readonly of: "struct" | "union" }
  | { readonly kind: "function"; readonly name: string; readonly type: number; readonly linkage: BtfLinkage }
  | {
      readonly kind: "function-prototype";
      /** Of the result. */
      readonly type: number;
      readonly parameters: readonly { readonly name: string; readonly type: number }[];
    }
  | { readonly kind: "variable"; readonly name: string; readonly type: number; readonly linkage: BtfLinkage }
  | {
      readonly kind: "section";
      readonly name: string;
      readonly size: number;
      readonly variables: readonly { readonly type: number; readonly offset: number; readonly size: number }[];
    }
  | { readonly kind: "float"; readonly name: string; readonly size: number }
  /** `component`: index of the member or parameter that is tagged, -1 for the type itself. */
  | { readonly kind: "declaration-tag"; readonly name: string; readonly type: number; readonly component: number };

/** What a type is. */
export type BtfKind = BtfType["kind"];
