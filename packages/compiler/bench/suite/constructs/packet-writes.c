#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	struct ipv4 *ip = AT(struct ipv4, 14);
	struct udp *udp = AT(struct udp, 34);
	if (!ethernet || !ip || !udp)
		return XDP_ABORTED;
	ethernet->type = htons(0x0800);
	ip->time_to_live = 64;
	ip->identification = htons(7);
	ip->destination = htonl(ntohl(ip->destination) + 1);
	__u16 port = udp->source;
	udp->source = udp->destination;
	udp->destination = port;
	udp->checksum = 0;
	return XDP_TX;
}
