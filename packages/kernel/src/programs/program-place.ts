import type { ProgramSpec } from "@weir/bytecode";
import { iteratorTypeId, tracepointTypeId } from "../system/kernel-types.ts";
import { bpf_attach_type, bpf_prog_type } from "../uapi/bpf.generated.ts";
import { placeName } from "../verifier/excerpt.ts";
import { SourceLines } from "../verifier/source-lines.ts";

/** Where a program runs, in the terms of BPF_PROG_LOAD. */
export interface ProgramPlace {
  readonly prog_type: number;
  readonly expected_attach_type: number;
  readonly attach_btf_id: number;
}

/** @throws {KernelError} `WEIR_NOT_FOUND` when the kernel has no such tracepoint or iterator, `WEIR_NOT_SUPPORTED` when it does not tell its types */
export function programPlace(spec: ProgramSpec, btf: Uint8Array | undefined): ProgramPlace {
  const { type, section } = spec;
  // Looking it up takes reading the object's types.
  const subject = () => withBeginning(spec, btf);
  switch (type) {
    case "xdp":
      return place(bpf_prog_type.BPF_PROG_TYPE_XDP, xdpPlace(section));
    case "tcx":
      return place(bpf_prog_type.BPF_PROG_TYPE_SCHED_CLS, tcxPlace(section));
    case "tracepoint":
      return place(bpf_prog_type.BPF_PROG_TYPE_TRACEPOINT, 0);
    case "raw-tracepoint":
      return place(bpf_prog_type.BPF_PROG_TYPE_RAW_TRACEPOINT, 0);
    case "typed-tracepoint":
      return place(
        bpf_prog_type.BPF_PROG_TYPE_TRACING,
        bpf_attach_type.BPF_TRACE_RAW_TP,
        tracepointTypeId(sectionTarget(section), subject),
      );
    case "socket-operations":
      return place(bpf_prog_type.BPF_PROG_TYPE_SOCK_OPS, bpf_attach_type.BPF_CGROUP_SOCK_OPS);
    case "iterator":
      return place(
        bpf_prog_type.BPF_PROG_TYPE_TRACING,
        bpf_attach_type.BPF_TRACE_ITER,
        iteratorTypeId(sectionTarget(section), subject),
      );
  }
}

/** A program with where its source begins. */
function withBeginning(spec: ProgramSpec, btf: Uint8Array | undefined): string {
  const beginning = new SourceLines(spec, btf).position(0);
  return `program "${spec.name}"${beginning === undefined ? "" : ` at ${placeName(beginning)}`}`;
}

function xdpPlace(section: string): number {
  if (section.endsWith("/devmap")) return bpf_attach_type.BPF_XDP_DEVMAP;
  return section.endsWith("/cpumap") ? bpf_attach_type.BPF_XDP_CPUMAP : bpf_attach_type.BPF_XDP;
}

/** One in section `tc` may be attached to either side. */
function tcxPlace(section: string): number {
  if (section.endsWith("/ingress")) return bpf_attach_type.BPF_TCX_INGRESS;
  return section.endsWith("/egress") ? bpf_attach_type.BPF_TCX_EGRESS : 0;
}

const place = (prog_type: number, expected_attach_type: number, attach_btf_id = 0): ProgramPlace => ({
  prog_type,
  expected_attach_type,
  attach_btf_id,
});

/** `xdp_devmap_xmit` of `tp_btf/xdp_devmap_xmit`. */
export function sectionTarget(section: string): string {
  return section.slice(section.indexOf("/") + 1);
}
