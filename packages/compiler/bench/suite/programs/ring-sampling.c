#include "../headers.h"

const volatile __u32 every = 16;

static void *(*const bpf_ringbuf_reserve)(void *ring, __u64 size, __u64 flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *record, __u64 flags) = (void *)132;

struct counters {
	__u64 packets, sampled, lost;
};

struct sample {
	__u32 source, destination;
	__u16 source_port, destination_port;
	__u8 protocol, unused[3];
	__u32 length, unused_too;
	__u64 start[4];
};

struct start {
	__u64 start[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1048576);
} SAMPLES SEC(".maps");

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
	counters->packets++;
	if (counters->packets % every)
		return XDP_PASS;
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	if (ethernet->type != htons(0x0800))
		return XDP_PASS;
	struct ipv4 *ip = AT(struct ipv4, 14);
	if (!ip)
		return XDP_PASS;
	struct udp *ports = AT(struct udp, 34);
	if (!ports)
		return XDP_PASS;
	struct start *start = AT(struct start, 0);
	if (!start)
		return XDP_PASS;
	struct sample *sample = bpf_ringbuf_reserve(&SAMPLES, sizeof(*sample), 0);
	if (!sample) {
		counters->lost++;
		return XDP_PASS;
	}
	sample->source = ip->source;
	sample->destination = ip->destination;
	sample->source_port = ports->source;
	sample->destination_port = ports->destination;
	sample->protocol = ip->protocol;
	sample->unused[0] = 0;
	sample->unused[1] = 0;
	sample->unused[2] = 0;
	sample->length = end - data;
	sample->unused_too = 0;
	for (__u32 index = 0; index < 4; index++)
		sample->start[index] = start->start[index];
	bpf_ringbuf_submit(sample, BPF_RB_NO_WAKEUP);
	counters->sampled++;
	return XDP_PASS;
}
