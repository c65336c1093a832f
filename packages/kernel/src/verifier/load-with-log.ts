import type { Attributes } from "../bpf/attributes.ts";
import { ERRNO } from "../errors/errno.ts";
import { arena } from "../memory/arena.ts";
import type { bpf_prog_load } from "../uapi/bpf.generated.ts";
import { readStatistics, type VerifierStatistics } from "./statistics.ts";

const FIRST_SIZE = 64 * 1024;
/** Of longer logs older kernels give the beginning and newer ones the end. */
const LARGEST_SIZE = 16 * 1024 * 1024;
const GROWTH = 16;
/** Each instruction with the registers it changes. */
const LOG_INSTRUCTIONS = 1;
/** Objections and statistics alone. */
const LOG_STATISTICS = 4;

interface LoggedLoad {
  readonly result: number;
  readonly log: string[];
}

/**
 * Loads once more with a log, in a buffer that grows until the log fits. Where none is large enough, and the end is what is missing,
 * what the verifier objects to is asked for by itself, and stands at the log's end.
 *
 * @param refused the answer without a log
 */
export function loadWithLog(
  attributes: Attributes<typeof bpf_prog_load>,
  load: () => number,
  refused: number,
): LoggedLoad {
  // The verifier's patience is a million instructions: a log of them fits nowhere, and each attempt takes long.
  for (let size = refused === -ERRNO.E2BIG ? LARGEST_SIZE : FIRST_SIZE; ; ) {
    const { result, log, isCutOff } = attempt(attributes, load, LOG_INSTRUCTIONS, size);
    if (result !== -ERRNO.ENOSPC) return { result, log };
    if (size < LARGEST_SIZE) {
      // Since Linux 6.4 the kernel says how much it had to write; before, one has to try.
      const asked = attributes.number("log_true_size");
      size = Math.min(LARGEST_SIZE, asked > size ? asked : size * GROWTH);
    } else if (isCutOff) {
      const objections = attempt(attributes, load, LOG_STATISTICS, FIRST_SIZE);
      return { result: objections.result, log: [...log, ...objections.log] };
    } else {
      return { result: refused, log };
    }
  }
}

/** Loads, and tells what the verifier had to do; gives the kernel's answer. */
export function loadWithStatistics(
  attributes: Attributes<typeof bpf_prog_load>,
  load: () => number,
  tell: (statistics: VerifierStatistics) => void,
): number {
  const { result, log } = attempt(attributes, load, LOG_STATISTICS, FIRST_SIZE);
  const statistics = readStatistics(log);
  if (result >= 0 && statistics !== undefined) tell(statistics);
  return result;
}

function attempt(
  attributes: Attributes<typeof bpf_prog_load>,
  load: () => number,
  level: number,
  size: number,
): LoggedLoad & { readonly isCutOff: boolean } {
  using buffer = arena().allocate(size);
  attributes.assign({ log_level: level, log_size: size, log_buf: buffer.address });
  const result = load();
  const end = buffer.bytes.indexOf(0);
  const text = new TextDecoder().decode(end < 0 ? buffer.bytes : buffer.bytes.subarray(0, end));
  const log = text.split("\n").filter((line) => line.trim() !== "");
  if (result !== -ERRNO.ENOSPC) return { result, log, isCutOff: false };
  // It begins or ends in the middle of a line.
  const isCutOff = !text.endsWith("\n");
  return { result, log: isCutOff ? log.slice(0, -1) : log.slice(1), isCutOff };
}
