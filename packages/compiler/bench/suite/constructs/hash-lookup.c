#include "../headers.h"

struct key {
	__u32 source, protocol;
};

struct count {
	__u64 packets, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct key);
	__type(value, struct count);
	__uint(max_entries, 1024);
} COUNTS SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ipv4 *ip = AT(struct ipv4, 14);
	if (!ip)
		return XDP_ABORTED;
	struct key key = { ip->source, ip->protocol };
	struct count *count = bpf_map_lookup_elem(&COUNTS, &key);
	if (count) {
		count->packets++;
		count->bytes += end - data;
		return count->packets;
	}
	struct count first = { 1, end - data };
	bpf_map_update_elem(&COUNTS, &key, &first, BPF_ANY);
	return 1;
}
