import { enableStatistics, KernelError } from "@weir/kernel";

/** Why a program is not measured that the kernel calls as a function of a dispatcher. */
export const UNMEASURED = "the kernel measures the dispatcher as a whole, and not the programs that it calls";

/** Switches statistics on until the stack is disposed; gives the reason where that is not permitted: it takes CAP_SYS_ADMIN. */
export function enabledStatistics(stack: DisposableStack): string | undefined {
  try {
    stack.use(enableStatistics());
    return undefined;
  } catch (error) {
    if (error instanceof KernelError && error.code === "WEIR_PERMISSION") return error.message;
    throw error;
  }
}
