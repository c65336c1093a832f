#include "../headers.h"
#include <stdbool.h>

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 count = 0;
	for (__u32 index = 0; index < 15; index++) {
		__u32 a = input->words[index], b = input->words[index + 1];
		if ((a > b && (a & 1) == 0) || (b > 5000 && (b & 3) != 3 && a != 0))
			count++;
		bool both = a == b || !(a < 100 || b < 100);
		if (both)
			count += 16;
	}
	return count;
}
