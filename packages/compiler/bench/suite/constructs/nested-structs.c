#include "../headers.h"

struct count {
	__u64 packets, bytes;
};

struct totals {
	struct count small, large;
	struct {
		__u32 length, first;
	} last;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct totals);
	__uint(max_entries, 1);
} TOTALS SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	__u32 zero = 0;
	struct totals *totals = bpf_map_lookup_elem(&TOTALS, &zero);
	if (!input || !totals)
		return XDP_ABORTED;
	__u32 length = end - data;
	if (length < 100) {
		totals->small.packets++;
		totals->small.bytes += length;
	} else {
		totals->large.packets++;
		totals->large.bytes += length;
	}
	totals->last.length = length;
	totals->last.first = input->words[0];
	return totals->small.packets + totals->large.bytes;
}
