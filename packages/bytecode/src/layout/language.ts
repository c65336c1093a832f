/**
 * Record layouts as a kernel program sees them: declarations only, and nothing that needs TypeScript's own library, because
 * kernel programs are checked without it. The values behind these names are made in the other files of this folder.
 *
 * An integer is a number with an optional brand that lists the widths which fit into it. So widening is subtyping,
 * narrowing is an error, a literal fits everywhere, and the checker's type still says how wide a value is.
 */
declare const width: unique symbol;
declare const owned: unique symbol;

export type u8 = number & { readonly [width]?: 8 };
export type u16 = number & { readonly [width]?: 8 | 16 };
export type u32 = number & { readonly [width]?: 8 | 16 | 32 };
export type u64 = number & { readonly [width]?: 8 | 16 | 32 | 64 };
export type i8 = number & { readonly [width]?: "i8" };
export type i16 = number & { readonly [width]?: "i8" | "i16" | 8 };
export type i32 = number & { readonly [width]?: "i8" | "i16" | "i32" | 8 | 16 };
export type i64 = number & { readonly [width]?: "i8" | "i16" | "i32" | "i64" | 8 | 16 | 32 };
/** In network byte order, as `be32` and `be64`: not a `u16` before `ntohs`. */
export type be16 = number & { readonly [width]?: "be16" };
export type be32 = number & { readonly [width]?: "be32" };
export type be64 = number & { readonly [width]?: "be64" };

interface ScalarValues {
  readonly u8: u8;
  readonly u16: u16;
  readonly u32: u32;
  readonly u64: u64;
  readonly i8: i8;
  readonly i16: i16;
  readonly i32: i32;
  readonly i64: i64;
  readonly be16: be16;
  readonly be32: be32;
  readonly be64: be64;
  readonly bool: boolean;
}
export type ScalarName = keyof ScalarValues;

/** An integer, little-endian, or big-endian where the name begins with `be`; or a boolean: a byte, true when it is not 0. */
export interface ScalarLayout<Name extends ScalarName = ScalarName> {
  readonly kind: "scalar";
  readonly name: Name;
  /** Bytes, as everywhere in a layout. */
  readonly size: number;
  readonly alignment: number;
}

/** A run of bytes, such as a MAC address. */
export interface BytesLayout {
  readonly kind: "bytes";
  readonly length: number;
  readonly size: number;
  readonly alignment: number;
}

export interface ArrayLayout<Element extends Layout = Layout> {
  readonly kind: "array";
  readonly element: Element;
  readonly length: number;
  readonly size: number;
  readonly alignment: number;
}

export interface LayoutField {
  readonly name: string;
  /** Bytes from the start of the record. */
  readonly offset: number;
  readonly layout: Layout;
}

export interface StructLayout<Members extends LayoutMembers = LayoutMembers> {
  readonly kind: "struct";
  /** What `struct` was given. */
  readonly members: Members;
  /** In order, with the offsets that C would give them. */
  readonly fields: readonly LayoutField[];
  readonly size: number;
  readonly alignment: number;
  /** The kernel's own name of a structure that it looks for in the values of maps. */
  readonly kernelName?: string;
}

/** A structure of the kernel's own in the value of a map, by the kernel's name for it: its bytes are nobody else's. */
export interface KernelLayout<Name extends string = string> extends StructLayout {
  readonly kernelName: Name;
}

/** What a program sees of a structure of the kernel's own: something that its words take. */
export interface KernelOwned<Name extends string> {
  readonly [owned]: Name;
}

export interface LayoutMembers {
  readonly [name: string]: Layout;
}

/** How a value lies in memory. */
export type Layout = ScalarLayout | BytesLayout | ArrayLayout | StructLayout;

/** Elements of an array field. */
export interface Elements<Element> {
  [index: number]: Element;
  readonly length: u32;
  [Symbol.iterator](): Iterator<Element>;
}

/** What a kernel program sees of a layout: `type Stats = Value<typeof Stats>`. */
export type Value<L extends Layout> =
  L extends ScalarLayout<infer Name>
    ? ScalarValues[Name]
    : L extends KernelLayout<infer Name>
      ? KernelOwned<Name>
      : L extends StructLayout<infer Members>
        ? { -readonly [Name in keyof Members]: Value<Members[Name]> }
        : L extends ArrayLayout<infer Element>
          ? Elements<Value<Element>>
          : Elements<u8>;

/** What a value is made of where a map is given one: what is the kernel's own is left out, and begins empty. */
export type New<L extends Layout> =
  L extends StructLayout<infer Members>
    ? { -readonly [Name in keyof Members as Members[Name] extends KernelLayout ? never : Name]: Value<Members[Name]> }
    : Value<L>;

/** An integer of 64 bits: `u64.of(0x9e37_79b9_7f4a_7c15n)` is a constant that a plain number cannot hold. */
export interface WideLayout<Name extends "u64" | "i64" | "be64"> extends ScalarLayout<Name> {
  of(value: bigint): ScalarValues[Name];
}

export declare const u8: ScalarLayout<"u8">;
export declare const u16: ScalarLayout<"u16">;
export declare const u32: ScalarLayout<"u32">;
export declare const u64: WideLayout<"u64">;
export declare const i8: ScalarLayout<"i8">;
export declare const i16: ScalarLayout<"i16">;
export declare const i32: ScalarLayout<"i32">;
export declare const i64: WideLayout<"i64">;
export declare const be16: ScalarLayout<"be16">;
export declare const be32: ScalarLayout<"be32">;
export declare const be64: WideLayout<"be64">;
export declare const bool: ScalarLayout<"bool">;

/** A spin lock in the value of a map, for `lock` and `unlock` of kernel programs: at most one (`struct bpf_spin_lock`, Linux 5.1). */
export declare const spinLock: KernelLayout<"bpf_spin_lock">;

/** A timer in the value of a map, for `startTimer` and its like of kernel programs: at most one (`struct bpf_timer`, Linux 5.15). */
export declare const timer: KernelLayout<"bpf_timer">;

/** `length` bytes. */
export declare function bytes(length: number): BytesLayout;

/** `length` elements, one behind the other. */
export declare function array<Element extends Layout>(element: Element, length: number): ArrayLayout<Element>;

/** A record with C's layout: each field at a multiple of its alignment, the whole padded to the largest of them. */
export declare function struct<Members extends LayoutMembers>(members: Members): StructLayout<Members>;

/** A record without padding, alignment 1 (C's `__attribute__((packed))`): for headers that C's rules would tear apart. */
export declare function packed<Members extends LayoutMembers>(members: Members): StructLayout<Members>;
