import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { bpf_enable_stats, bpf_stats_type } from "../uapi/bpf.generated.ts";
import { Attributes } from "./attributes.ts";
import { bpfOpen } from "./bpf-call.ts";

/**
 * Lets the kernel count how often each program runs and how long it takes, until the result is disposed. It costs every
 * program some 20 ns per run.
 *
 * @example
 * ```ts
 * using statistics = enableStatistics();
 * const { runs, runNanoseconds } = program.info();
 * ```
 * Since Linux 5.8.
 * @throws {KernelError} `WEIR_PERMISSION`
 */
export function enableStatistics(): FileDescriptor {
  using attributes = new Attributes(bpf_enable_stats, { type: bpf_stats_type.BPF_STATS_RUN_TIME });
  return bpfOpen("BPF_ENABLE_STATS", attributes, "run statistics");
}
