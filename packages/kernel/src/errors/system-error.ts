import { ERRNO, errnoName } from "./errno.ts";
import { explainErrno } from "./explain-errno.ts";
import { KernelError, type KernelErrorCode } from "./kernel-error.ts";

/** What the caller knows beyond the error number. */
export interface ErrorDetails {
  /** The kernel's own words: the extended acknowledgement of netlink. */
  readonly words?: string | undefined;
  /** Sentences that only the caller can say; they come before those of the table. */
  readonly advice?: readonly string[];
  readonly cause?: unknown;
}

/**
 * The error for a call that the kernel refused.
 *
 * @param attempted command of bpf(2), system call or netlink request: the table of explanations is keyed by it
 * @param subject   on what: `map "flows"`
 * @param errno     positive error number
 */
export function systemError(
  attempted: string,
  subject: string,
  errno: number,
  { words, advice = [], cause }: ErrorDetails = {},
): KernelError {
  const explanation = explainErrno(attempted, errno);
  const name = errnoName(errno);
  return new KernelError(
    {
      code: explanation.code ?? CODES.get(errno) ?? "WEIR_KERNEL",
      attempted,
      subject,
      errno,
      answer: words === undefined ? name : `${name}: ${words}`,
      advice: [...advice, ...explanation.advice],
    },
    cause === undefined ? undefined : { cause },
  );
}

const CODES: ReadonlyMap<number, KernelErrorCode> = new Map([
  [ERRNO.EPERM, "WEIR_PERMISSION"],
  [ERRNO.EACCES, "WEIR_PERMISSION"],
  [ERRNO.ENOENT, "WEIR_NOT_FOUND"],
  [ERRNO.ENODEV, "WEIR_NO_INTERFACE"],
  [ERRNO.EBUSY, "WEIR_BUSY"],
  [ERRNO.EEXIST, "WEIR_BUSY"],
  [ERRNO.EOPNOTSUPP, "WEIR_NOT_SUPPORTED"],
  [ERRNO.ENOTSUPP, "WEIR_NOT_SUPPORTED"],
  [ERRNO.ENOSYS, "WEIR_NOT_SUPPORTED"],
  [ERRNO.ENOMEM, "WEIR_NO_MEMORY"],
]);
