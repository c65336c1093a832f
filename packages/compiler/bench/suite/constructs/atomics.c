#include "../headers.h"

struct totals {
	__u64 packets, bytes;
	__u32 ticket;
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
	__u32 zero = 0;
	struct totals *totals = bpf_map_lookup_elem(&TOTALS, &zero);
	if (!totals)
		return XDP_ABORTED;
	__sync_fetch_and_add(&totals->packets, 1);
	__sync_fetch_and_add(&totals->bytes, end - data);
	return __sync_fetch_and_add(&totals->ticket, 2);
}
