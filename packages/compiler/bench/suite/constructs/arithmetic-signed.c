#include "../headers.h"

struct numbers {
	__s8 small[16];
	__s16 middle[16];
};

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct numbers *input = AT(struct numbers, 0);
	if (!input)
		return XDP_ABORTED;
	__s32 sum = 0;
	for (__u32 index = 0; index < 16; index++) {
		__s8 small = input->small[index];
		__s16 middle = input->middle[index];
		sum = sum + small * middle;
		if (middle < small)
			sum = sum >> 1;
	}
	return sum;
}
