#include "../headers.h"

struct key {
	__u32 source, destination;
	__u16 source_port, destination_port;
	__u32 protocol;
};

struct count {
	__u64 packets, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct key);
	__type(value, struct count);
	__uint(max_entries, 4096);
} FLOWS SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ipv4 *ip = AT(struct ipv4, 14);
	if (!ip)
		return XDP_ABORTED;
	struct udp *ports = AT(struct udp, 34);
	if (!ports)
		return XDP_ABORTED;
	struct key key = { ip->source, ip->destination, ports->source, ports->destination, ip->protocol };
	struct count *flow = bpf_map_lookup_elem(&FLOWS, &key);
	if (!flow) {
		struct count first = { 1, end - data };
		return bpf_map_update_elem(&FLOWS, &key, &first, BPF_NOEXIST);
	}
	flow->packets++;
	flow->bytes += end - data;
	return flow->packets;
}
