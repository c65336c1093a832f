#include "../headers.h"

struct sums {
	__u32 sums[8];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct sums);
	__uint(max_entries, 1);
} SUMS SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	__u32 zero = 0;
	struct sums *sums = bpf_map_lookup_elem(&SUMS, &zero);
	if (!input || !sums)
		return XDP_ABORTED;
	for (__u32 index = 0; index < 8; index++) {
		sums->sums[index] += input->words[3];
		sums->sums[index] ^= input->words[4] + input->words[5];
	}
	return sums->sums[0] + sums->sums[7];
}
