import { readIfThere } from "./read-if-there.ts";

/** How far a kernel is locked down, often with Secure Boot. */
export type Lockdown = "none" | "integrity" | "confidentiality";

/**
 * How far the running kernel is locked down; undefined where it does not say.
 *
 * @see https://man7.org/linux/man-pages/man7/kernel_lockdown.7.html
 */
export function lockdown(): Lockdown | undefined {
  // The one in brackets: `none [integrity] confidentiality`.
  const found = /\[(\w+)\]/.exec(readIfThere("/sys/kernel/security/lockdown") ?? "")?.[1];
  return found === "none" || found === "integrity" || found === "confidentiality" ? found : undefined;
}
