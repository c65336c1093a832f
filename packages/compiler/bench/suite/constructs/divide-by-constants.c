#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 sum = 0;
	for (__u32 index = 0; index < 8; index++) {
		__u32 word = input->words[index];
		sum += word / 10 + word % 1000 + word / 16 + word % 64;
	}
	return sum;
}
