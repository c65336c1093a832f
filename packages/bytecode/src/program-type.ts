import type { ProgramType } from "./spec.ts";

/** Names of sections as libbpf knows them, with the older ones that mean the same. */
const sections: readonly (readonly [section: RegExp, type: ProgramType])[] = [
  [/^xdp(\.frags)?(\/(devmap|cpumap))?$/, "xdp"],
  [/^(tc|classifier|tcx?\/(ingress|egress))$/, "tcx"],
  [/^(tp|tracepoint)\/[^/]+\/[^/]+$/, "tracepoint"],
  [/^raw_(tp|tracepoint)\/[^/]+$/, "raw-tracepoint"],
  [/^tp_btf\/[^/]+$/, "typed-tracepoint"],
  [/^sockops$/, "socket-operations"],
  [/^iter\/[^/]+$/, "iterator"],
];

/**
 * What a program in an ELF section of this name is; undefined for sections that weir does not load programs of.
 *
 * @example
 * ```ts
 * programTypeOf("xdp.frags/devmap"); // "xdp"
 * programTypeOf("tp/sched/sched_switch"); // "tracepoint"
 * ```
 */
export function programTypeOf(section: string): ProgramType | undefined {
  return sections.find(([pattern]) => pattern.test(section))?.[1];
}

/** Whether programs in this section take packets in several buffers. */
export function takesFrags(section: string): boolean {
  return section.startsWith("xdp.frags");
}
