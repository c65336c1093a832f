#include "../headers.h"

struct numbers {
	__s64 numbers[8];
};

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct numbers *input = AT(struct numbers, 0);
	if (!input)
		return XDP_ABORTED;
	__s64 least = 0, sum = 0;
	for (__u32 index = 0; index < 8; index++) {
		__s64 number = input->numbers[index];
		if (number < least)
			least = number;
		sum = (sum >> 3) + number - least;
	}
	return sum >> 32;
}
