#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	if (ethernet->source[0] & 1)
		return XDP_DROP;
	if (ethernet->type != htons(0x0800))
		return XDP_PASS;
	struct ipv4 *ip = AT(struct ipv4, 14);
	if (!ip)
		return XDP_DROP;
	if (ip->version_and_length != 0x45)
		return XDP_DROP;
	if (ip->time_to_live == 0)
		return XDP_DROP;
	if (ip->fragment & htons(0x3fff))
		return XDP_DROP;
	if ((ip->source & htonl(0xff000000)) == htonl(0x7f000000))
		return XDP_DROP;
	if (ip->protocol != 6)
		return XDP_PASS;
	struct tcp *tcp = AT(struct tcp, 34);
	if (!tcp)
		return XDP_DROP;
	if ((tcp->flags & 3) == 3)
		return XDP_DROP;
	__u16 port = ntohs(tcp->destination);
	if (port == 22)
		return XDP_DROP;
	if (port >= 6000 && port < 6064)
		return XDP_DROP;
	return XDP_PASS;
}
