#include "../headers.h"

struct counters {
	__u64 passed, dropped, other;
};

struct blocked {
	__u64 packets, bytes;
};

struct prefix {
	__u32 length, address;
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct prefix);
	__type(value, struct blocked);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} BLOCKED SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct counters);
	__uint(max_entries, 1);
} COUNTERS SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	__u32 zero = 0;
	struct counters *counters = bpf_map_lookup_elem(&COUNTERS, &zero);
	if (!counters)
		return XDP_ABORTED;
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	if (ethernet->type != htons(0x0800)) {
		counters->other++;
		return XDP_PASS;
	}
	struct ipv4 *ip = AT(struct ipv4, 14);
	if (!ip)
		return XDP_ABORTED;
	struct prefix prefix = { 32, ip->source };
	struct blocked *blocked = bpf_map_lookup_elem(&BLOCKED, &prefix);
	if (!blocked) {
		counters->passed++;
		return XDP_PASS;
	}
	blocked->packets++;
	blocked->bytes += end - data;
	counters->dropped++;
	return XDP_DROP;
}
