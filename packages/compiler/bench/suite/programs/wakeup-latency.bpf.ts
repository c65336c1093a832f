// A latency histogram from typed tracepoints' point of view: how long a task that was woken up waits for a CPU, by powers of two.
import { array, i32, struct, type u32, u64 } from "@weir/bytecode/layout";
import { hashMap, type KernelStruct, monotonicTime, perCpuArrayMap, tpBtf } from "@weir/compiler/language";

interface task_struct extends KernelStruct<"task_struct"> {
  readonly pid: i32;
}

const Histogram = struct({ buckets: array(u64, 32), waits: u64, total: u64 });
export const WOKEN = hashMap({ key: i32, value: u64, maxEntries: 16_384 });
export const HISTOGRAM = perCpuArrayMap({ value: Histogram, maxEntries: 1 });

function bucketOf(nanoseconds: u64): u32 {
  let rest = nanoseconds;
  let bucket: u32 = 0;
  if (rest >= 0x1_0000) {
    rest >>= 16;
    bucket += 16;
  }
  if (rest >= 0x100) {
    rest >>= 8;
    bucket += 8;
  }
  if (rest >= 0x10) {
    rest >>= 4;
    bucket += 4;
  }
  if (rest >= 4) {
    rest >>= 2;
    bucket += 2;
  }
  return rest >= 2 ? bucket + 1 : bucket;
}

export const woken = tpBtf("sched_wakeup", (task: task_struct) => {
  WOKEN.update(task.pid, monotonicTime());
});

export const program = tpBtf("sched_switch", (_preempt: boolean, _previous: task_struct, next: task_struct) => {
  const pid = next.pid;
  const since = WOKEN.lookup(pid);
  if (since === null) return;
  const wait = monotonicTime() - since.value;
  WOKEN.delete(pid);
  const histogram = HISTOGRAM.lookup(0);
  if (histogram === null) return;
  histogram.buckets[bucketOf(wait) & 31] += 1;
  histogram.waits += 1;
  histogram.total += wait;
});
