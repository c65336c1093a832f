import type * as language from "./language.ts";
import { u32 } from "./scalar.ts";
import { struct } from "./struct.ts";

/**
 * A spin lock in the value of a map: kernel programs change the fields beside it as one (`struct bpf_spin_lock`, Linux 5.1).
 *
 * @example
 * ```ts
 * const Account = struct({ lock: spinLock, packets: u64, bytes: u64 });
 * ```
 */
export const spinLock: typeof language.spinLock = Object.freeze({
  ...struct({ value: u32 }),
  kernelName: "bpf_spin_lock",
});
