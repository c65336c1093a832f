#include "../headers.h"

#define LENGTH 20
#define IP_IN_IP 4

struct address {
	__u16 first, second, third;
};

struct frame {
	struct address destination, source;
	__u16 type;
};

struct counters {
	__u64 encapsulated, decapsulated, passed, failed;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct counters);
	__uint(max_entries, 1);
} COUNTERS SEC(".maps");

static ALWAYS_INLINE __u16 checksum_of(__u16 length, __u16 identification)
{
	__u32 sum = 0x4500 + length + identification + 0x4000 + ((64 << 8) | IP_IN_IP);
	sum += 0xc633 + 0x6401 + 0xc633 + 0x6402;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	__u32 zero = 0;
	struct counters *counters = bpf_map_lookup_elem(&COUNTERS, &zero);
	struct frame *frame = AT(struct frame, 0);
	if (!counters || !frame)
		return XDP_ABORTED;
	struct ipv4 *inner = AT(struct ipv4, 14);
	if (frame->type != htons(0x0800) || !inner || inner->version_and_length != 0x45) {
		counters->passed++;
		return XDP_PASS;
	}
	struct address destination = frame->destination, source = frame->source;
	__u16 length = ntohs(inner->length), identification = ntohs(inner->identification);
	__u8 protocol = inner->protocol;
	if (bpf_xdp_adjust_head(context, protocol == IP_IN_IP ? LENGTH : -LENGTH)) {
		counters->failed++;
		return XDP_DROP;
	}
	data = DATA(context);
	end = END(context);
	frame = AT(struct frame, 0);
	if (!frame)
		return XDP_ABORTED;
	frame->destination = source;
	frame->source = destination;
	frame->type = htons(0x0800);
	if (protocol == IP_IN_IP) {
		counters->decapsulated++;
		return XDP_PASS;
	}
	struct ipv4 *outer = AT(struct ipv4, 14);
	if (!outer)
		return XDP_ABORTED;
	__u16 total = length + LENGTH;
	outer->version_and_length = 0x45;
	outer->service = 0;
	outer->length = htons(total);
	outer->identification = htons(identification);
	outer->fragment = htons(0x4000);
	outer->time_to_live = 64;
	outer->protocol = IP_IN_IP;
	outer->checksum = htons(checksum_of(total, identification));
	outer->source = htonl(0xc6336401);
	outer->destination = htonl(0xc6336402);
	counters->encapsulated++;
	return XDP_TX;
}
