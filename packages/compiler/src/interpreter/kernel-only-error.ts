/** A program asks for something that only the kernel has: the typed tree has no meaning by itself there. */
export class KernelOnlyError extends Error {
  override readonly name = "KernelOnlyError";

  /** @param what such as `bpf_get_current_task` */
  constructor(what: string) {
    super(`${what} is only in the kernel`);
  }
}

/** What the typed tree does where only the kernel can. */
export const onlyInKernel = (what: string) => (): never => {
  throw new KernelOnlyError(what);
};
