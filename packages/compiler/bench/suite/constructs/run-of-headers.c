#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	struct ipv4 *ip = AT(struct ipv4, 14);
	struct udp *udp = AT(struct udp, 34);
	if (!ethernet || !ip || !udp)
		return XDP_DROP;
	return ntohs(ethernet->type) + ntohl(ip->source) + ntohs(udp->destination);
}
