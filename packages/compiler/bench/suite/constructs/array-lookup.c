#include "../headers.h"

struct count {
	__u64 packets, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct count);
	__uint(max_entries, 256);
} COUNTS SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 sum = 0;
	for (__u32 index = 0; index < 4; index++) {
		__u32 key = input->words[index] & 0xff;
		struct count *count = bpf_map_lookup_elem(&COUNTS, &key);
		if (!count)
			return XDP_ABORTED;
		count->packets++;
		count->bytes += end - data;
		sum += count->packets;
	}
	return sum;
}
