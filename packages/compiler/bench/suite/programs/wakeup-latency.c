#include "../headers.h"

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

struct histogram {
	__u64 buckets[32], waits, total;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, int);
	__type(value, __u64);
	__uint(max_entries, 16384);
} WOKEN SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct histogram);
	__uint(max_entries, 1);
} HISTOGRAM SEC(".maps");

static ALWAYS_INLINE __u32 bucket_of(__u64 rest)
{
	__u32 bucket = 0;
	if (rest >= 0x10000) {
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

SEC("tp_btf/sched_wakeup") int woken(__u64 *context)
{
	struct task_struct *task = (void *)context[0];
	int pid = task->pid;
	__u64 now = bpf_ktime_get_ns();
	bpf_map_update_elem(&WOKEN, &pid, &now, BPF_ANY);
	return 0;
}

SEC("tp_btf/sched_switch") int program(__u64 *context)
{
	struct task_struct *next = (void *)context[2];
	int pid = next->pid;
	__u64 *since = bpf_map_lookup_elem(&WOKEN, &pid);
	if (!since)
		return 0;
	__u64 wait = bpf_ktime_get_ns() - *since;
	bpf_map_delete_elem(&WOKEN, &pid);
	__u32 zero = 0;
	struct histogram *histogram = bpf_map_lookup_elem(&HISTOGRAM, &zero);
	if (!histogram)
		return 0;
	histogram->buckets[bucket_of(wait) & 31]++;
	histogram->waits++;
	histogram->total += wait;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
