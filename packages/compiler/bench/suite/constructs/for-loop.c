#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct octets *input = AT(struct octets, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 sum = 0;
	for (__u32 index = 0; index < 64; index++)
		sum += input->octets[index];
	return sum;
}
