import type { ProgramType } from "@weir/bytecode";
import { type ContextKind, type KernelType, voidType } from "./kernel-type.ts";
import { i32, u32 as u32Type } from "./scalar.ts";

/** What is alike in all programs that a word declares. */
export interface ProgramKind {
  readonly type: ProgramType;
  /** Its section; where a program says what it runs at, that follows. */
  readonly section: string;
  /**
   * What the program is given: a context with fields; a record; the arguments of a tracepoint, one after the other; a structure of
   * the kernel.
   */
  readonly given: ContextKind | "record" | "arguments" | "structure";
  readonly returns: KernelType;
  /** What a program that says nothing returns. */
  readonly silent: bigint;
}

const xdp = { type: "xdp", given: "packet", returns: u32Type, silent: 0n } as const;
const tcx = { type: "tcx", given: "buffer", returns: i32, silent: 0n } as const;
const tracing = { returns: voidType, silent: 0n } as const;

/** The words that declare programs. */
export const programKinds = {
  xdp: { ...xdp, section: "xdp" },
  xdpDevmap: { ...xdp, section: "xdp/devmap" },
  xdpCpumap: { ...xdp, section: "xdp/cpumap" },
  tcxIngress: { ...tcx, section: "tcx/ingress" },
  tcxEgress: { ...tcx, section: "tcx/egress" },
  tpBtf: { ...tracing, type: "typed-tracepoint", section: "tp_btf/", given: "arguments" },
  rawTp: { ...tracing, type: "raw-tracepoint", section: "raw_tp/", given: "arguments" },
  tp: { ...tracing, type: "tracepoint", section: "tp/", given: "record" },
  sockops: { type: "socket-operations", section: "sockops", given: "socket", returns: voidType, silent: 1n },
  iter: { ...tracing, type: "iterator", section: "iter/", given: "structure" },
} as const satisfies Readonly<Record<string, ProgramKind>>;

export type ProgramWord = keyof typeof programKinds;
