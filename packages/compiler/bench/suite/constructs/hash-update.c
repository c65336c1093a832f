#include "../headers.h"

struct key {
	__u32 source, destination;
};

struct seen {
	__u32 length, protocol;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct key);
	__type(value, struct seen);
	__uint(max_entries, 1024);
} SEEN SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ipv4 *ip = AT(struct ipv4, 14);
	if (!ip)
		return XDP_ABORTED;
	struct key key = { ip->source, ip->destination }, there = { ip->destination, ip->source };
	int deleted = bpf_map_delete_elem(&SEEN, &there);
	struct seen seen = { end - data, ip->protocol };
	int updated = bpf_map_update_elem(&SEEN, &key, &seen, BPF_ANY);
	return deleted + updated;
}
