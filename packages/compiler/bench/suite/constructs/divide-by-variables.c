#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u64 sum = 0;
	for (__u32 index = 0; index < 8; index++) {
		__u32 divisor = (input->words[index] & 0xffff) | 1;
		sum += input->words[index + 8] / divisor;
		sum = (sum << 7) % divisor;
	}
	return sum;
}
