#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct longs *input = AT(struct longs, 0);
	if (!input)
		return XDP_ABORTED;
	__u64 sum = 1;
	for (__u32 index = 0; index < 8; index++) {
		__u64 a = input->longs[index], b = input->longs[(index + 3) & 7];
		sum = (sum + a) * 5 - (b ^ (a | 0x00ff)) + (sum & b);
	}
	return (sum >> 32) ^ sum;
}
