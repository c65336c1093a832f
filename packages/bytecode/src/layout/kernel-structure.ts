import type * as language from "./language.ts";
import { u32, u64 } from "./scalar.ts";
import { array } from "./sequence.ts";
import { struct } from "./struct.ts";

/**
 * A spin lock in the value of a map: kernel programs change the fields beside it as one (`struct bpf_spin_lock`, Linux 5.1). User
 * space does not see it.
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

/**
 * A timer in the value of a map: the kernel calls a function of the program when it fires (`struct bpf_timer`, Linux 5.15). User space
 * does not see it, and an entry that user space sets has none that is armed.
 *
 * @example
 * ```ts
 * const Session = struct({ timer, packets: u64 });
 * ```
 */
export const timer: typeof language.timer = Object.freeze({
  ...struct({ opaque: array(u64, 2) }),
  kernelName: "bpf_timer",
});
