#include "../headers.h"

#define MASK 0x7ffffffffffffff0ull
#define MARK 0x123456789abcdef0ull

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct longs *input = AT(struct longs, 0);
	if (!input)
		return XDP_ABORTED;
	__u64 sum = 0;
	for (__u32 index = 0; index < 8; index++) {
		__u64 word = input->longs[index];
		if ((word & MASK) > MARK)
			sum += MARK;
		sum ^= word & MASK;
	}
	return sum ^ sum >> 32;
}
