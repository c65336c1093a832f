#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	if (ethernet->destination[0] & 1)
		return 7;
	return ntohs(ethernet->type) + ethernet->source[5];
}
