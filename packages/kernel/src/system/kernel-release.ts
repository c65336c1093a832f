import { release } from "node:os";
import { KernelError } from "../errors/kernel-error.ts";

/** The oldest kernel that weir is tested on. */
const OLDEST = { major: 6, minor: 1 };

/** Refuses kernels that weir does not know. @throws {KernelError} `WEIR_NOT_SUPPORTED` */
export function checkKernelRelease(text = release()): void {
  const [major = 0, minor = 0] = text.split(/[.-]/).map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw new KernelError({
    code: "WEIR_NOT_SUPPORTED",
    attempted: "start",
    subject: `Linux ${text}`,
    errno: 0,
    answer: "this kernel is too old",
    advice: [`weir needs Linux ${OLDEST.major}.${OLDEST.minor} or newer.`],
  });
}
