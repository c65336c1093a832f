#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	if (ethernet->type != htons(0x0800))
		return XDP_PASS;
	struct ipv4 *ip = AT(struct ipv4, 14);
	if (!ip)
		return XDP_ABORTED;
	return ntohl(ip->source) ^ ntohl(ip->destination) ^ ip->protocol;
}
