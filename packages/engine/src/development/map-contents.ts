import type { MapType } from "@weir/bytecode";
import type { Layout } from "@weir/bytecode/layout";

/** An entry of a map. */
export interface MapEntryContents {
  readonly key: unknown;
  /** One value; of per-CPU maps the sum. */
  readonly value: unknown;
  /** Of per-CPU maps the value of each CPU. */
  readonly cpus?: readonly unknown[];
}

/** The entries of a map. Bytes are `Uint8Array`s, 64-bit numbers bigints, records objects. */
export interface EntryContents {
  readonly kind: "entries";
  readonly name: string;
  readonly type: MapType;
  /** How keys and values lie in memory, and what their fields are called. */
  readonly key: Layout;
  readonly value: Layout;
  /** How many there can be. */
  readonly capacity: number;
  /** How many there are; of arrays, how many are not all zero. */
  readonly total: number;
  /** The first of them: of arrays by their index, of others those with the largest values. */
  readonly entries: readonly MapEntryContents[];
}

/** Global variables. */
export interface VariableContents {
  readonly kind: "variables";
  /** The section: `.bss`, `.data`. */
  readonly name: string;
  readonly variables: readonly { readonly name: string; readonly layout: Layout; readonly value: unknown }[];
}

/** A map that cannot be read from outside. */
export interface ClosedContents {
  readonly kind: "closed";
  readonly name: string;
  readonly type: MapType;
}

/** What a map holds. */
export type MapContents = EntryContents | VariableContents | ClosedContents;
