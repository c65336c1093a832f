#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 word = input->words[3] ^ input->words[7], ones = 0;
	while (word) {
		word &= word - 1;
		ones++;
		if (ones >= 32)
			break;
	}
	return ones;
}
