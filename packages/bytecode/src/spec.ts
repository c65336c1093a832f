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
  | "perf-event-array"
  | "device-map"
  | "device-hash"
  | "cpu-map"
  | "xsk-map"
  | "array-of-maps"
  | "hash-of-maps"
  | "queue"
  | "stack"
  | "bloom-filter"
  | "sk-storage"
  | "arena";

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
  /** What further is to be said of some types (`map_extra`): the hash functions of a Bloom filter, the address of an arena. */
  readonly extra?: bigint;
  /** What the maps in a map of maps are like. */
  readonly inner?: MapSpec;
  /**
   * The bytes of a section of global variables, which are the map's only element from the start. Such a map has the name of
   * its section (`.rodata`, `.data`, `.bss`, or one that begins with these and a dot), and a BTF `section` as its value type.
   */
  readonly contents?: Uint8Array;
  /** What is put at indices when the object is loaded: programs of a program array, maps of a map of maps. */
  readonly entries?: readonly MapEntry[];
}

/** A program or a map, by its name in the object, that a map is to hold at an index. */
export interface MapEntry {
  readonly index: number;
  readonly name: string;
}

/**
 * A place in a program that the loader fills in: the address of a map; of a byte of a map's only element (a global variable);
 * the value of a `config()`; the kernel's number of one of its own functions (a kfunc), in a call of it or where its address is
 * loaded, which is 0 when the kernel lacks it; and what has to be adapted to the kernel's own types.
 *
 * Calls and addresses of functions of the program are no references: their instructions hold the distance.
 */
export type Reference =
  | { readonly kind: "map"; readonly slot: number; readonly map: string }
  | { readonly kind: "map-value"; readonly slot: number; readonly map: string; readonly offset: number }
  | { readonly kind: "config"; readonly slot: number; readonly config: string }
  | KernelFunctionReference
  | ({ readonly kind: "kernel-type"; readonly slot: number } & KernelTypeRelocation);

/** A function of the kernel, which the object's BTF declares as an `extern` function. */
export interface KernelFunctionReference {
  readonly kind: "kernel-function";
  readonly slot: number;
  readonly name: string;
  /** The kernel may lack it: a call of it then is one that the verifier must find unreachable. */
  readonly optional: boolean;
}

/** What is asked of one of the kernel's types (`enum bpf_core_relo_kind`), in the order of the kernel's numbers. */
export const relocationQuestions = [
  "field-offset",
  "field-size",
  "field-exists",
  "field-signed",
  "field-shift-left",
  "field-shift-right",
  "local-type-id",
  "type-id",
  "type-exists",
  "type-size",
  "enumerator-exists",
  "enumerator-value",
  "type-matches",
] as const;

/** A CO-RE relocation (`struct bpf_core_relo`): a number that depends on what the running kernel's types are like. */
export interface KernelTypeRelocation {
  readonly question: (typeof relocationQuestions)[number];
  /** BTF id, in the object, of the type that the kernel's is looked for by. */
  readonly type: number;
  /** The way into it, as libbpf writes it: `0:1:2`, indices of members and elements. */
  readonly access: string;
}

/** Where a function starts, and its BTF `FUNC` type (`struct bpf_func_info`). */
export interface FunctionInfo {
  readonly slot: number;
  readonly type: number;
}

/** A place in a source file; offsets are into the BTF string section. */
export interface SourceLine {
  readonly fileNameOffset: number;
  readonly lineOffset: number;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The call by which the code there became part of another function; undefined for a function's own code. */
  readonly inlined?: InlinedCall;
}

/** Which source line a slot comes from (`struct bpf_line_info`). */
export interface LineInfo extends SourceLine {
  readonly slot: number;
}

/** A call whose function became part of the caller. */
export interface InlinedCall extends SourceLine {
  /** The name of the function that is called. */
  readonly functionOffset: number;
}

/**
 * Where a program runs: for packets of an interface, before the stack (`xdp`) or at its lower edge (`tcx`); at a tracepoint, with
 * its record (`tracepoint`), with its arguments as numbers (`raw-tracepoint`), or with their types, so that the kernel's
 * structures can be read (`typed-tracepoint`, Linux 5.5); at what happens to TCP connections (`socket-operations`); for each of a
 * kind of things of the kernel (`iterator`, Linux 5.8).
 */
export type ProgramType =
  | "xdp"
  | "tcx"
  | "tracepoint"
  | "raw-tracepoint"
  | "typed-tracepoint"
  | "socket-operations"
  | "iterator";

/** A program as an object file holds it: its instructions, with the functions that it calls behind it. */
export interface ProgramSpec {
  readonly name: string;
  /**
   * ELF section name, as libbpf knows it: `xdp`, `xdp.frags`, `xdp/devmap`, `xdp/cpumap`, `tc`, `tcx/ingress`,
   * `tp/CATEGORY/NAME`, `raw_tp/NAME`, `tp_btf/NAME`, `sockops`, `iter/NAME`. See `programTypeOf`.
   */
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
  readonly signed: boolean;
  readonly default: bigint;
}

/** Everything an eBPF object file declares. Frozen. */
export interface ObjectSpec {
  readonly license: string;
  readonly maps: ReadonlyMap<string, MapSpec>;
  readonly programs: ReadonlyMap<string, ProgramSpec>;
  readonly configs: ReadonlyMap<string, ConfigSpec>;
  /**
   * The BTF section, with the places of variables in their sections filled in; undefined when the object has none. What it says
   * of functions and variables of the kernel (`extern`) has to be taken out for the kernel: see `loadableBtf`.
   */
  readonly btf: Uint8Array | undefined;
}
