import { release } from "node:os";
import { kernelVersion } from "@weir/bytecode";
import { KernelError } from "../errors/kernel-error.ts";

/** The oldest kernel that weir is tested on. */
const OLDEST = "6.1";

/** Refuses kernels that weir does not know. @throws {KernelError} `WEIR_NOT_SUPPORTED` */
export function checkKernelRelease(text = release()): void {
  if (kernelVersion(text) >= kernelVersion(OLDEST)) return;
  throw new KernelError({
    code: "WEIR_NOT_SUPPORTED",
    attempted: "start",
    subject: `Linux ${text}`,
    errno: 0,
    answer: "this kernel is too old",
    advice: [`weir needs Linux ${OLDEST} or newer.`],
  });
}
