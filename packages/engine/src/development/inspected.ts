import type { ListedInstruction } from "@weir/bytecode";
import type { VerifierStatistics } from "@weir/kernel";

/** A function of a program, and what it takes of the 512 bytes of stack. */
export interface InspectedFunction {
  readonly name: string;
  /** Instruction slots of 8 bytes. */
  readonly instructions: number;
  /** Bytes that it uses itself; bytes with the deepest chain of calls below it, as the kernel counts them. */
  readonly stack: number;
  readonly deepest: number;
  readonly calls: readonly string[];
}

/** A map, as an object declares it or as the kernel has it. */
export interface InspectedMap {
  readonly name: string;
  /** The kernel's id of a live one. */
  readonly id?: number;
  /** `"unknown"` for a type that weir has no name for. */
  readonly type: string;
  /** Types as text where they are known, sizes in bytes; null and 0 where a map has none, as ring buffers have neither. */
  readonly key: string | null;
  readonly keySize: number;
  readonly value: string | null;
  /** Of one CPU in per-CPU maps. */
  readonly valueSize: number;
  readonly maxEntries: number;
  /** `BPF_F_*` flags. */
  readonly flags: number;
  /** Bytes that the kernel accounts for a live one. */
  readonly memory?: number;
}

/** The code of a program. */
export interface InspectedCode {
  /** Instruction slots of 8 bytes. */
  readonly instructions: number;
  readonly functions: readonly InspectedFunction[];
  /** Functions of the kernel that it calls, by name. */
  readonly helpers: readonly string[];
  readonly listing: readonly ListedInstruction[];
}

/** A program of an object file. */
export interface InspectedProgram extends InspectedCode {
  readonly name: string;
  readonly section: string;
  /** The first Linux that has all that it asks for: its type, and the helpers. */
  readonly kernel: string;
  /** Names of the maps that it uses. */
  readonly maps: readonly string[];
  /** What the verifier had to do, where it was asked. */
  readonly verifier?: VerifierStatistics;
}

/** An object file. */
export interface InspectedObject {
  readonly license: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly configs: readonly {
    readonly name: string;
    readonly bits: number;
    readonly signed: boolean;
    readonly value: bigint;
  }[];
  readonly maps: readonly InspectedMap[];
  readonly programs: readonly InspectedProgram[];
}

/** A program in the kernel, as the verifier left it. */
export interface LiveProgram extends InspectedCode {
  readonly id: number;
  /** All of it where the program has types, otherwise at most 15 characters. */
  readonly name: string;
  /** 16 hexadecimal digits: the same instructions have the same tag. */
  readonly tag: string;
  /** The kernel's name of its type: `XDP`. */
  readonly type: string;
  /** Bytes of machine code; 0 where the kernel interprets the program. */
  readonly machineSize: number;
  /** Bytes that the kernel accounts for it. */
  readonly memory: number | undefined;
  /** Instructions that the verifier went through. */
  readonly verifiedInstructions: number;
  /** Runs, and nanoseconds that they took: counted only while the kernel's statistics are enabled. */
  readonly runs: bigint;
  readonly runNanoseconds: bigint;
  readonly loadedAt: Date;
  readonly userId: number;
  readonly maps: readonly InspectedMap[];
  /** Where it runs: `eth0 (XDP)`, `tracepoint xdp_redirect_err`. */
  readonly attachedTo: readonly string[];
}
