/**
 * What receiving takes that a process has to do itself, because it sends on the same CPU: the time of the soft interrupts in which drivers are asked for
 * frames, and how many these had.
 */
import { type i32, struct, u32, u64 } from "@weir/bytecode/layout";
import { config, type KernelStruct, monotonicTime, perCpuArrayMap, tpBtf } from "@weir/compiler/language";
import { bpf_get_current_pid_tgid } from "@weir/compiler/language/helpers";

interface napi_struct extends KernelStruct<"napi_struct"> {}

/** See include/linux/interrupt.h. */
const NET_RX = 3;

/** The process that is meant. */
const processId = config("process_id", u32, 0);

export const RECEIVING = perCpuArrayMap({
  value: struct({ since: u64, nanoseconds: u64, frames: u64 }),
  maxEntries: 1,
});

function isMeant(): boolean {
  return bpf_get_current_pid_tgid() >> 32 === processId;
}

export const softirq_entered = tpBtf("softirq_entry", (vector: u32) => {
  const receiving = RECEIVING.lookup(0);
  if (vector === NET_RX && isMeant() && receiving !== null) receiving.since = monotonicTime();
});

export const polled = tpBtf("napi_poll", (_napi: napi_struct, work: i32) => {
  const receiving = RECEIVING.lookup(0);
  if (isMeant() && receiving !== null) receiving.frames += work as u32;
});

export const softirq_left = tpBtf("softirq_exit", (vector: u32) => {
  const receiving = RECEIVING.lookup(0);
  if (vector === NET_RX && isMeant() && receiving !== null) receiving.nanoseconds += monotonicTime() - receiving.since;
});
