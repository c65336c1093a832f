import { Attributes } from "../bpf/attributes.ts";
import { tryBpf } from "../bpf/bpf-call.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { bpf_prog_test_run } from "../uapi/bpf.generated.ts";
import { XdpArrival, type XdpArrivalOptions } from "./xdp-arrival.ts";

/** A packet for a test run. */
export interface TestRunOptions {
  /** The frame, from its Ethernet header on: at least 14 bytes, and one page at most unless the program takes frags. */
  readonly data: Uint8Array;
  /**
   * How often to run; the packet is not restored in between. A signal that comes meanwhile makes the kernel stop: then all
   * of it is run again, so that the program has run more often.
   */
  readonly repeat?: number;
  /** How the packet came in, for XDP programs; without it, on the loopback interface (Linux 5.14). */
  readonly arrival?: XdpArrivalOptions;
}

/** What a test run gave. */
export interface TestRunResult {
  /** The program's return value: 0 aborted, 1 drop, 2 pass, 3 tx, 4 redirect. */
  readonly verdict: number;
  /** The frame as the program left it; with its metadata before it unless `arrival` was given. */
  readonly data: Uint8Array;
  /** What the program left before the frame; nothing unless `arrival` was given. */
  readonly metadata: Uint8Array;
  /** Mean time of one run. */
  readonly nanoseconds: number;
}

/** How much a program may add to a packet: all the room in the page of its first buffer, and in that of its last one. */
const GROWTH = 8192;

/** Runs an XDP program on a packet in memory: nothing is received or sent. Since Linux 4.12. @throws {KernelError} */
export function testRun(program: FileDescriptor, { data, repeat = 1, arrival: around }: TestRunOptions): TestRunResult {
  using arrival = around && new XdpArrival(data.length, around);
  const metadata = around?.metadata ?? new Uint8Array();
  const size = metadata.length + data.length;
  using input = arena().allocate(size);
  input.bytes.set(metadata);
  input.bytes.set(data, metadata.length);
  using output = arena().allocate(size + GROWTH);
  using attributes = new Attributes(bpf_prog_test_run, { prog_fd: program.number, repeat });
  let result: number;
  do {
    attributes.assign({
      data_in: input.address,
      data_size_in: size,
      data_out: output.address,
      data_size_out: output.size,
      ...arrival?.attributes(),
    });
    result = tryBpf("BPF_PROG_TEST_RUN", attributes);
    // A signal ends a long run: begin anew.
  } while (result === -ERRNO.EINTR);
  if (result < 0) throw systemError("BPF_PROG_TEST_RUN", program.what, -result);
  const all = output.bytes.slice(0, attributes.number("data_size_out"));
  const start = arrival?.metadataLength ?? 0;
  return {
    verdict: attributes.number("retval"),
    data: all.subarray(start),
    metadata: all.subarray(0, start),
    nanoseconds: attributes.number("duration"),
  };
}
