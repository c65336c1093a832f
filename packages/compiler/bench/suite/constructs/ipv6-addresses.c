#include "../headers.h"

struct last {
	__u64 high, low;
	__u32 times, changes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct last);
	__uint(max_entries, 1);
} LAST SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ipv6 *ip = AT(struct ipv6, 14);
	__u32 zero = 0;
	struct last *last = bpf_map_lookup_elem(&LAST, &zero);
	if (!ip || !last)
		return XDP_ABORTED;
	if (last->high == ip->source_high && last->low == ip->source_low) {
		last->times++;
		return last->times;
	}
	last->high = ip->source_high;
	last->low = ip->source_low;
	last->times = 0;
	last->changes++;
	return last->changes;
}
