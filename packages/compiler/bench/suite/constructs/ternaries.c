#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 least = 0xffffffff, largest = 0, clamped = 0;
	for (__u32 index = 0; index < 16; index++) {
		__u32 word = input->words[index];
		least = word < least ? word : least;
		largest = word > largest ? word : largest;
		clamped += word > 1000 ? 1000 : word < 10 ? 10 : word;
	}
	return largest - least + clamped;
}
