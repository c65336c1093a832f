#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 pairs = 0;
	for (__u32 first = 0; first < 16; first++)
		for (__u32 second = 0; second < 16; second++)
			if (input->words[first] < input->words[second])
				pairs++;
	return pairs;
}
