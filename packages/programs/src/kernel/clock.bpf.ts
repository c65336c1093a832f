import type { u64 } from "@weir/bytecode/layout";
import { jiffies } from "@weir/compiler/language";
import { clockBase, tick } from "./settings.bpf.ts";

/** Nanoseconds of CLOCK_MONOTONIC, to one tick of the kernel's clock: 1 ns, where the exact time takes 37. */
export function now(): u64 {
  return jiffies() * tick + clockBase;
}
