#include "../headers.h"

struct histogram {
	__u32 buckets[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct histogram);
	__uint(max_entries, 1);
} HISTOGRAM SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct octets *input = AT(struct octets, 0);
	__u32 zero = 0;
	struct histogram *histogram = bpf_map_lookup_elem(&HISTOGRAM, &zero);
	if (!input || !histogram)
		return XDP_ABORTED;
	for (__u32 index = 0; index < 64; index++)
		histogram->buckets[input->octets[index] & 15]++;
	return histogram->buckets[0] ^ histogram->buckets[15];
}
