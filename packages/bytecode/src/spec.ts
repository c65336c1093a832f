import type { Instruction } from "./instruction.ts";

/** What a map is, by the plain name of its kernel type (`"per-cpu-array"` is `BPF_MAP_TYPE_PERCPU_ARRAY`). */
export type MapType =
  | "hash"
  | "array"
  | "per-cpu-hash"
  | "per-cpu-array"
  | "lru-hash"
  | "lru-per-cpu-hash"
  | "lpm-trie"
  | "ring-buffer"
  | "program-array"
  | "device-map"
  | "device-hash"
  | "cpu-map"
  | "xsk-map"
  | "array-of-maps"
  | "hash-of-maps";

/** A map as an object file declares it: plain data, the same on every machine. */
export interface MapSpec {
  readonly name: string;
  readonly type: MapType;
  /** Bytes. */
  readonly keySize: number;
  /** Bytes; of one CPU's value in per-CPU maps. */
  readonly valueSize: number;
  readonly maxEntries: number;
  /** `BPF_F_*` creation flags. */
  readonly flags: number;
  /** BTF type id of the key, 0 when there is none. */
  readonly keyType: number;
  /** BTF type id of the value, 0 when there is none. */
  readonly valueType: number;
}

/** A place in a program that the loader fills in: the address of a map, or the value of a `config()`. */
export type Reference =
  | { readonly kind: "map"; readonly slot: number; readonly map: string }
  | { readonly kind: "config"; readonly slot: number; readonly config: string };

/** Where a function starts, and its BTF `FUNC` type (`struct bpf_func_info`). */
export interface FunctionInfo {
  readonly slot: number;
  readonly type: number;
}

/** Which source line a slot comes from (`struct bpf_line_info`); offsets are into the BTF string section. */
export interface LineInfo {
  readonly slot: number;
  readonly fileNameOffset: number;
  readonly lineOffset: number;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * Where a program runs: for packets; at a tracepoint of the kernel, with its arguments as numbers; or with their types, so that
 * the kernel's structures can be read (since Linux 5.5).
 */
export type ProgramType = "xdp" | "raw-tracepoint" | "typed-tracepoint";

/** A program as an object file holds it: its instructions, with the functions that it calls behind it. */
export interface ProgramSpec {
  readonly name: string;
  /** ELF section name: `xdp` or `xdp.frags`; for tracepoints `raw_tp/NAME` or `tp_btf/NAME`. */
  readonly section: string;
  readonly type: ProgramType;
  /** May be given packets in several buffers (`BPF_F_XDP_HAS_FRAGS`, Linux 5.18). */
  readonly frags: boolean;
  readonly instructions: readonly Instruction[];
  readonly references: readonly Reference[];
  readonly functions: readonly FunctionInfo[];
  readonly lines: readonly LineInfo[];
}

/** A value that is patched into the instructions before load: an immediate, so that the verifier deletes dead branches. */
export interface ConfigSpec {
  readonly name: string;
  readonly bits: 8 | 16 | 32 | 64;
  readonly default: bigint;
}

/** Everything an eBPF object file declares. Frozen. */
export interface ObjectSpec {
  readonly license: string;
  readonly maps: ReadonlyMap<string, MapSpec>;
  readonly programs: ReadonlyMap<string, ProgramSpec>;
  readonly configs: ReadonlyMap<string, ConfigSpec>;
  /** The BTF section as the kernel takes it; undefined when the object has none. */
  readonly btf: Uint8Array | undefined;
}
