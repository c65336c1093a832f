#include "../headers.h"

static ALWAYS_INLINE __u32 rotate(__u32 value, __u32 by)
{
	return value << by | value >> (32 - by);
}

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 state = 0x9e3779b1;
	for (__u32 index = 0; index < 16; index++)
		state = rotate(state ^ input->words[index], 13) + rotate(state, 7);
	return state;
}
