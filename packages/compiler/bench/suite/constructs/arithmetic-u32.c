#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 sum = 1;
	for (__u32 index = 0; index < 12; index++) {
		__u32 a = input->words[index], b = input->words[(index + 3) & 15];
		sum = (sum + a) * 5 - (b ^ (a | 0x00ff)) + (sum & b);
	}
	return sum;
}
