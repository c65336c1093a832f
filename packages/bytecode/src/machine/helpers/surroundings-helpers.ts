import { encodeUtf8 } from "../../utf8.ts";
import { EINVAL } from "../errno.ts";
import type { HelperCall, Helpers } from "./helper-call.ts";

const now = (call: HelperCall): bigint => call.surroundings.clock.now;
const pair = (upper: number, lower: number): bigint =>
  (BigInt.asUintN(32, BigInt(upper)) << 32n) | BigInt.asUintN(32, BigInt(lower));

export const surroundingsHelpers: Helpers = {
  bpf_ktime_get_ns: now,
  bpf_ktime_get_boot_ns: now,
  bpf_ktime_get_coarse_ns: (call) => {
    const { clock } = call.surroundings;
    return clock.now - (clock.now % clock.tick);
  },
  bpf_ktime_get_tai_ns: now,
  bpf_jiffies64: (call) => call.surroundings.clock.jiffies,
  bpf_get_smp_processor_id: (call) => BigInt(call.surroundings.cpu),
  bpf_get_numa_node_id: () => 0n,
  bpf_get_prandom_u32: (call) => BigInt(call.surroundings.random() >>> 0),
  bpf_get_current_pid_tgid: ({ surroundings: { task } }) => pair(task.processId, task.threadId),
  bpf_get_current_uid_gid: ({ surroundings: { task } }) => pair(task.groupId, task.userId),
  bpf_get_current_task: (call) => call.surroundings.task.structure,
  bpf_get_current_task_btf: (call) => call.surroundings.task.structure,
  bpf_get_current_comm: (call) => {
    const size = Number(call.argument(1));
    if (size === 0) return EINVAL;
    const name = new Uint8Array(size);
    name.set(encodeUtf8(call.surroundings.task.command).subarray(0, Math.min(size, 16) - 1));
    call.memory.write(call.argument(0), name);
    return 0n;
  },
};
