import type { Attributes } from "../bpf/attributes.ts";
import { ERRNO } from "../errors/errno.ts";
import { arena } from "../memory/arena.ts";
import type { bpf_prog_load } from "../uapi/bpf.generated.ts";

const FIRST_SIZE = 64 * 1024;
/** Beyond this the beginning of the log is missing on older kernels, and kept on newer ones; nobody reads it whole. */
const LARGEST_SIZE = 16 * 1024 * 1024;
/** Each instruction with the registers it changes. */
const LOG_LEVEL = 1;

/** Loads once more with a log, in a buffer that grows until the log fits. */
export function loadWithLog(
  attributes: Attributes<typeof bpf_prog_load>,
  load: () => number,
): { result: number; log: string[] } {
  for (let size = FIRST_SIZE; ; ) {
    using buffer = arena().allocate(size);
    attributes.assign({ log_level: LOG_LEVEL, log_size: size, log_buf: buffer.address });
    const result = load();
    if (result === -ERRNO.ENOSPC && size < LARGEST_SIZE) {
      // Since Linux 6.4 the kernel says how much it had to write; before, one has to try.
      size = Math.min(LARGEST_SIZE, Math.max(size * 4, attributes.number("log_true_size")));
      continue;
    }
    const end = buffer.bytes.indexOf(0);
    const text = new TextDecoder().decode(end < 0 ? buffer.bytes : buffer.bytes.subarray(0, end));
    return { result, log: text.split("\n").filter((line) => line.trim() !== "") };
  }
}
