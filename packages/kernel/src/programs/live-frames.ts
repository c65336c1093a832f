import { Attributes } from "../bpf/attributes.ts";
import { tryBpf } from "../bpf/bpf-call.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { bpf_prog_test_run, xdp_md } from "../uapi/bpf.generated.ts";
import { BPF_F_TEST_XDP_LIVE_FRAMES } from "../uapi/macros.ts";
import { StructureView } from "../uapi/structure-view.ts";

/** Frames for a program to decide over in earnest. */
export interface LiveFrameOptions {
  /** The frame that each of them begins as. */
  readonly data: Uint8Array;
  /** How many. */
  readonly count: number;
  /** How many at a time: 1 to 256; the kernel's choice is 64. */
  readonly batchSize?: number;
  /** Index of the interface that they seem to come from; without one, they come from `lo`. */
  readonly interfaceIndex?: number;
}

/**
 * Runs an XDP program on frames whose verdicts are carried out: passed ones reach the network stack, redirected ones are
 * sent. Since Linux 5.18.
 *
 * @returns mean nanoseconds of one frame
 * @throws {KernelError}
 */
export function sendLiveFrames(program: FileDescriptor, options: LiveFrameOptions): number {
  const { data, count, batchSize = 0, interfaceIndex } = options;
  using input = arena().copy(data);
  using context = arena().allocate(xdp_md.size);
  new StructureView(xdp_md, context.view).assign({ data_end: data.length, ingress_ifindex: interfaceIndex ?? 0 });
  using attributes = new Attributes(bpf_prog_test_run, {
    prog_fd: program.number,
    data_in: input.address,
    data_size_in: data.length,
    repeat: count,
    flags: BPF_F_TEST_XDP_LIVE_FRAMES,
    batch_size: batchSize,
    ...(interfaceIndex !== undefined && { ctx_in: context.address, ctx_size_in: xdp_md.size }),
  });
  const result = tryBpf("BPF_PROG_TEST_RUN", attributes);
  if (result < 0) throw systemError("BPF_PROG_TEST_RUN", `${program.what} (live frames)`, -result);
  return attributes.number("duration");
}
