#include "../headers.h"

#define ECHO 7
#define TIME_TO_LIVE 64

struct address {
	__u16 first, second, third;
};

struct frame {
	struct address destination, source;
	__u16 type;
};

struct counters {
	__u64 reflected, bytes, others;
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
	struct frame *frame = AT(struct frame, 0);
	if (!counters || !frame)
		return XDP_ABORTED;
	__u16 type = frame->type;
	__u32 start = 14;
	if (type == htons(0x8100)) {
		struct vlan_tag *tag = AT(struct vlan_tag, 14);
		if (!tag)
			return XDP_ABORTED;
		type = tag->type;
		start = 18;
	}
	struct ipv4 *ip = AT(struct ipv4, start);
	if (type != htons(0x0800) || !ip) {
		counters->others++;
		return XDP_PASS;
	}
	struct udp *udp = AT(struct udp, start + 20);
	if (ip->version_and_length != 0x45 || ip->protocol != 17 || !udp || ntohs(udp->destination) != ECHO) {
		counters->others++;
		return XDP_PASS;
	}
	if (ntohs(udp->source) < 1)
		return XDP_DROP;

	struct address kept = frame->destination;
	frame->destination = frame->source;
	frame->source = kept;

	__u32 source = ip->source;
	ip->source = ip->destination;
	ip->destination = source;
	__u32 sum = (~ntohs(ip->checksum) & 0xffff) + (~(ip->time_to_live << 8) & 0xffff) + (TIME_TO_LIVE << 8);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	ip->checksum = htons(~sum & 0xffff);
	ip->time_to_live = TIME_TO_LIVE;
	__u16 port = udp->source;
	udp->source = udp->destination;
	udp->destination = port;

	counters->reflected++;
	counters->bytes += end - data;
	return XDP_TX;
}
