#include "../headers.h"

struct word {
	__u32 value;
};

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	__u32 sum = 0, offset = 14;
	for (__u32 round = 0; round < 64; round++) {
		struct word *word = AT(struct word, offset);
		if (!word)
			return sum;
		sum = sum * 31 + word->value;
		offset += 4;
	}
	return XDP_ABORTED;
}
