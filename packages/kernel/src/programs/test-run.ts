import { Attributes } from "../bpf/attributes.ts";
import { tryBpf } from "../bpf/bpf-call.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { bpf_prog_test_run } from "../uapi/bpf.generated.ts";

/** A packet for a test run. */
export interface TestRunOptions {
  /** The frame, from its Ethernet header on: at least 14 bytes, and one page at most unless the program takes frags. */
  readonly data: Uint8Array;
  /**
   * How often to run; the packet is not restored in between. A signal that comes meanwhile makes the kernel stop: then all
   * of it is run again, so that the program has run more often.
   */
  readonly repeat?: number;
}

/** What a test run gave. */
export interface TestRunResult {
  /** The program's return value: 0 aborted, 1 drop, 2 pass, 3 tx, 4 redirect. */
  readonly verdict: number;
  /** The frame as the program left it. */
  readonly data: Uint8Array;
  /** Mean time of one run. */
  readonly nanoseconds: number;
}

/** How much a program may add to a packet: headers in front, as the headroom allows, and bytes behind. */
const GROWTH = 512;

/** Runs an XDP program on a packet in memory: nothing is received or sent. Since Linux 4.12. @throws {KernelError} */
export function testRun(program: FileDescriptor, { data, repeat = 1 }: TestRunOptions): TestRunResult {
  using input = arena().copy(data);
  using output = arena().allocate(data.length + GROWTH);
  using attributes = new Attributes(bpf_prog_test_run, { prog_fd: program.number, repeat });
  let result: number;
  do {
    attributes.assign({
      data_in: input.address,
      data_size_in: data.length,
      data_out: output.address,
      data_size_out: output.size,
    });
    result = tryBpf("BPF_PROG_TEST_RUN", attributes);
    // A signal ends a long run: begin anew.
  } while (result === -ERRNO.EINTR);
  if (result < 0) throw systemError("BPF_PROG_TEST_RUN", program.what, -result);
  return {
    verdict: attributes.number("retval"),
    data: output.bytes.slice(0, attributes.number("data_size_out")),
    nanoseconds: attributes.number("duration"),
  };
}
