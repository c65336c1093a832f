#include "../headers.h"

struct counters {
	__u64 packets, bytes, small, broadcast, other;
};

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
	__u32 length = end - data;
	counters->packets++;
	counters->bytes += length;
	if (length < 128)
		counters->small++;
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	if (ethernet->destination[0] & 1)
		counters->broadcast++;
	if (ntohs(ethernet->type) != 0x0800)
		counters->other++;
	return counters->packets + counters->other;
}
