#include "../headers.h"

static NOINLINE __u32 mix(__u32 a, __u32 b)
{
	__u32 mixed = (a ^ b) * 0x9e3779b1;
	return mixed ^ mixed >> 15;
}

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 state = 1;
	for (__u32 index = 0; index < 4; index++)
		state = mix(state, input->words[index]);
	return state;
}
