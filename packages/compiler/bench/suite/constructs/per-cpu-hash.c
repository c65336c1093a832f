#include "../headers.h"

struct count {
	__u64 packets, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__type(key, __u32);
	__type(value, struct count);
	__uint(max_entries, 64);
} TYPES SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	__u32 type = ntohs(ethernet->type);
	struct count *count = bpf_map_lookup_elem(&TYPES, &type);
	if (!count) {
		struct count first = { 1, end - data };
		return bpf_map_update_elem(&TYPES, &type, &first, BPF_ANY);
	}
	count->packets++;
	count->bytes += end - data;
	return count->packets;
}
