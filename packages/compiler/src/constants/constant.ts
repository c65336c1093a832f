import type { MapType } from "@weir/bytecode";
import type { Layout, StructLayout } from "@weir/bytecode/layout";
import type { Span } from "../source-file.ts";
import type { FunctionSyntax } from "../syntax/function.ts";
import type { ScalarType } from "../types/kernel-type.ts";
import type { ProgramKind } from "../types/program-kind.ts";
import type { Constants } from "./constants.ts";

/** What a program can do with a map: the methods that it has are the built-ins called `array.lookup`, `ring.reserve` …. */
export type MapOperations =
  | "array"
  | "hash"
  | "maps"
  | "prefixes"
  | "cpus"
  | "devices"
  | "sockets"
  | "ring"
  | "events"
  | "programs"
  | "queue"
  | "bloom"
  | "storage";

/** A map as a kernel file declares it. */
export interface MapDeclaration {
  readonly name: string;
  readonly type: MapType;
  readonly operations: MapOperations;
  /** What programs ask by; undefined where that is an index, or nothing. */
  readonly key: Layout | undefined;
  /** What the kernel keeps as the key; undefined for a map without keys. */
  readonly storedKey: Layout | undefined;
  /** Undefined for a map without values of a fixed size. */
  readonly value: Layout | undefined;
  /** What a look-up gives: the value, or a record of which it is the only field. */
  readonly record: StructLayout | undefined;
  /** What the maps in a map of maps are like. */
  readonly inner: MapDeclaration | undefined;
  readonly maxEntries: number;
  /** `BPF_F_*` */
  readonly flags: number;
  /** What a program array holds from its first index on when the object is loaded. */
  readonly programs: readonly ProgramDeclaration[];
  readonly span: Span;
}

/** A value that is patched in before load. */
export interface ConfigDeclaration {
  readonly name: string;
  readonly type: ScalarType;
  readonly initial: bigint;
  /** Its value for good, in a variant of the program. */
  readonly fixed: bigint | undefined;
  readonly span: Span;
}

export interface ProgramDeclaration {
  readonly name: string;
  readonly kind: ProgramKind;
  readonly section: string;
  readonly frags: boolean;
  readonly function: FunctionConstant;
  readonly span: Span;
}

/** A variable that lives as long as the program is loaded, or a table of constants. */
export interface GlobalDeclaration {
  readonly name: string;
  /** For tables, for what begins with other values than 0, and for the rest. */
  readonly section: ".rodata" | ".data" | ".bss";
  readonly layout: Layout;
  readonly initial: Uint8Array;
  readonly span: Span;
}

/** A number that tools find in the object's types. */
export interface MetadataDeclaration {
  readonly section: string;
  readonly name: string;
  readonly value: number;
  readonly span: Span;
}

/**
 * Part of each caller; called, and verified with each caller (`subprogram`); called, and verified for itself (`globalFunction`); called
 * back by the kernel.
 */
export type Linkage = "inline" | "static" | "global" | "callback";

export interface FunctionConstant {
  readonly kind: "function";
  readonly name: string;
  readonly function: FunctionSyntax;
  readonly linkage: Linkage;
  /** Where it is written, when that is inside another expression: what its names stand for. */
  readonly scope: Constants | undefined;
  readonly span: Span;
}

/** What an expression is when it is known while the program is compiled. */
export type Constant =
  /** Without a type the number adapts to where it is used; `inverted` ones (`~7`) wrap there. */
  | {
      readonly kind: "integer";
      readonly value: bigint;
      readonly type: ScalarType | undefined;
      readonly inverted: boolean;
    }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "layout"; readonly layout: Layout }
  | { readonly kind: "object"; readonly properties: ReadonlyMap<string, Constant> }
  | {
      readonly kind: "list";
      readonly elements: readonly Constant[];
      /** How an element lies in memory, where the list's type says so. */
      readonly element: Layout | undefined;
      /** Of the constant that it is the value of. */
      readonly name: string | undefined;
      readonly span: Span;
    }
  | { readonly kind: "global"; readonly global: GlobalDeclaration }
  | { readonly kind: "map"; readonly map: MapDeclaration }
  | { readonly kind: "config"; readonly config: ConfigDeclaration }
  | { readonly kind: "program"; readonly program: ProgramDeclaration }
  | FunctionConstant
  /** Something that the language gives, by its name. */
  | { readonly kind: "word"; readonly name: string };

export type ConstantKind = Constant["kind"];
export type ConstantOf<Kind extends ConstantKind> = Extract<Constant, { readonly kind: Kind }>;

/** A number without a type. */
export const plainInteger = (value: bigint): Constant => ({ kind: "integer", value, type: undefined, inverted: false });

export const booleanConstant = (value: boolean): Constant => ({ kind: "boolean", value });
