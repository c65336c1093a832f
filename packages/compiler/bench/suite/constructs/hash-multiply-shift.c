#include "../headers.h"

#define FIRST 0x9e3779b97f4a7c15ull
#define SECOND 0xc2b2ae3d27d4eb4full

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct longs *input = AT(struct longs, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 place = 0;
	for (__u32 index = 0; index < 4; index++) {
		__u32 hash = (input->longs[index] * FIRST + input->longs[index + 4] * SECOND) >> 32;
		place ^= (__u64)hash * 13654 >> 32;
	}
	return place;
}
