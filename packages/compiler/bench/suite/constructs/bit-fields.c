#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ipv4 *ip = AT(struct ipv4, 14);
	struct tcp *tcp = AT(struct tcp, 34);
	if (!ip || !tcp)
		return XDP_ABORTED;
	__u32 version = ip->version_and_length >> 4, length = (ip->version_and_length & 15) << 2;
	__u16 fragment = ntohs(ip->fragment);
	__u32 flags = fragment >> 13, offset = (fragment & 0x1fff) << 3, tcp_length = (tcp->offset >> 4) << 2;
	__u32 classes = 0;
	if (tcp->flags & 0x02)
		classes |= 1;
	if (tcp->flags & 0x10)
		classes |= 2;
	if (tcp->flags & 0x05)
		classes |= 4;
	return version + (length << 4) + (flags << 8) + offset + (tcp_length << 16) + (classes << 24);
}
