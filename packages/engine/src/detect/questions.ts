import { KernelError } from "@weir/kernel";
import type { Unanswered } from "./detection.ts";

/**
 * Asks an interface's driver one thing after the other. Drivers refuse single questions with whatever error they like (ENODEV while they reset
 * themselves, EIO, EBUSY): that is not known then, with the kernel's answer, and the rest is asked all the same.
 */
export class Questions {
  readonly unanswered: Unanswered[] = [];

  ask<Result>(question: Unanswered["question"], ask: () => Result): Result | undefined {
    try {
      return ask();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.unanswered.push({ question, reason: `${error.attempted} failed: ${error.answer}` });
      return undefined;
    }
  }
}
