import type { ProgramSpec } from "@weir/bytecode";
import { tracepointTypeId } from "../system/kernel-types.ts";
import { bpf_attach_type, bpf_prog_type } from "../uapi/bpf.generated.ts";

/** Where a program runs, in the terms of BPF_PROG_LOAD. */
export interface ProgramPlace {
  readonly prog_type: number;
  readonly expected_attach_type: number;
  readonly attach_btf_id: number;
}

/** @throws {KernelError} `WEIR_NOT_SUPPORTED` when a typed tracepoint is not in the kernel's types */
export function programPlace({ type, section }: ProgramSpec): ProgramPlace {
  switch (type) {
    case "xdp":
      return {
        prog_type: bpf_prog_type.BPF_PROG_TYPE_XDP,
        expected_attach_type: bpf_attach_type.BPF_XDP,
        attach_btf_id: 0,
      };
    case "raw-tracepoint":
      return { prog_type: bpf_prog_type.BPF_PROG_TYPE_RAW_TRACEPOINT, expected_attach_type: 0, attach_btf_id: 0 };
    case "typed-tracepoint":
      return {
        prog_type: bpf_prog_type.BPF_PROG_TYPE_TRACING,
        expected_attach_type: bpf_attach_type.BPF_TRACE_RAW_TP,
        attach_btf_id: tracepointTypeId(tracepointOf(section)),
      };
  }
}

/** `xdp_devmap_xmit` of `tp_btf/xdp_devmap_xmit`. */
export function tracepointOf(section: string): string {
  return section.slice(section.indexOf("/") + 1);
}
