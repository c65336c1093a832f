#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 word = 0;
	__u64 sum = 1;
	for (__u32 index = 0; index < 16; index++) {
		__u32 amount = input->words[index];
		word ^= input->words[0] << (amount & 31) | amount >> (word & 7);
		sum += 1ull << (amount & 63);
	}
	return word ^ (__u32)(sum >> 32);
}
