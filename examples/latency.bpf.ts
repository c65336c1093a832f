/** How long threads that were woken up wait for a CPU, as a histogram: bucket n counts 2^n to 2^(n+1) nanoseconds. */
import { array, i32, type u32, u64 } from "@weir/bytecode/layout";
import { atomicAdd, global, type KernelStruct, lruHashMap, monotonicTime, tpBtf } from "@weir/compiler/language";
import { Packets } from "./records.ts";

/** The part of the kernel's structure that this program reads; `weir types task_struct` writes all of it. */
interface task_struct extends KernelStruct<"task_struct"> {
  readonly pid: i32;
}

const histogram = global(array(Packets, 64));
export const WOKEN = lruHashMap({ key: i32, value: u64, maxEntries: 10_240 });

/** The place of the highest bit. */
function log2(value: u64): u32 {
  let rest = value;
  let result: u32 = 0;
  for (const step of [32, 16, 8, 4, 2, 1]) {
    if (rest >> step === 0) continue;
    rest >>= step;
    result += step;
  }
  return result;
}

export const woken = tpBtf("sched_wakeup", (task: task_struct) => {
  WOKEN.update(task.pid, monotonicTime());
});

export const running = tpBtf("sched_switch", (_preempt: boolean, _previous: task_struct, next: task_struct) => {
  const since = WOKEN.lookup(next.pid);
  if (since === null) return;
  const waited = monotonicTime() - since.value;
  WOKEN.delete(next.pid);
  atomicAdd(histogram[log2(waited) & 63], "packets", 1);
});
