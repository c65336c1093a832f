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
	if (ip->protocol != 6)
		return XDP_PASS;
	__u32 length = (ip->version_and_length & 15) * 4;
	if (length < 20)
		return XDP_ABORTED;
	struct tcp *tcp = AT(struct tcp, length + 14);
	if (!tcp)
		return XDP_ABORTED;
	return ntohs(tcp->source) + ntohs(tcp->destination) + ntohl(tcp->sequence) + tcp->flags;
}
