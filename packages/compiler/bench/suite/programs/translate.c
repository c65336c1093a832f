#include "../headers.h"

#define NETWORK 0x00c0
#define INSIDE 0x0102
#define OUTSIDE 0x0163

struct ipv4_halves {
	__u8 before[8], time_to_live, protocol;
	__u16 checksum, source[2], destination[2];
};

struct tcp_checksum {
	__u8 before[16];
	__u16 checksum;
};

struct udp_checksum {
	__u8 before[6];
	__u16 checksum;
};

struct counters {
	__u64 translated, passed;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct counters);
	__uint(max_entries, 1);
} COUNTERS SEC(".maps");

static ALWAYS_INLINE __u16 corrected(__u16 checksum, __u16 before, __u16 after)
{
	__u32 sum = (~checksum & 0xffff) + (~before & 0xffff) + after;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	__u32 zero = 0;
	struct counters *counters = bpf_map_lookup_elem(&COUNTERS, &zero);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!counters || !ethernet)
		return XDP_ABORTED;
	struct ipv4_halves *ip = AT(struct ipv4_halves, 14);
	if (ethernet->type != htons(0x0800) || !ip)
		return XDP_PASS;
	__u16 before = ip->source[1];
	if (ip->source[0] != NETWORK || (before != INSIDE && before != OUTSIDE)) {
		counters->passed++;
		return XDP_PASS;
	}
	__u16 after = before == INSIDE ? OUTSIDE : INSIDE;
	if (ip->protocol == 6) {
		struct tcp_checksum *tcp = AT(struct tcp_checksum, 34);
		if (!tcp)
			return XDP_ABORTED;
		tcp->checksum = corrected(tcp->checksum, before, after);
	} else if (ip->protocol == 17) {
		struct udp_checksum *udp = AT(struct udp_checksum, 34);
		if (!udp)
			return XDP_ABORTED;
		if (udp->checksum) {
			__u16 checksum = corrected(udp->checksum, before, after);
			udp->checksum = checksum ? checksum : 0xffff;
		}
	}
	ip->checksum = corrected(ip->checksum, before, after);
	ip->source[1] = after;
	counters->translated++;
	return XDP_TX;
}
