#include "../headers.h"

struct extension {
	__u8 next, length;
};

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	if (ethernet->type != htons(0x86dd))
		return XDP_PASS;
	struct ipv6 *ip = AT(struct ipv6, 14);
	if (!ip)
		return XDP_ABORTED;
	__u8 next = ip->next;
	__u32 offset = 54;
	for (__u32 headers = 0; headers < 6; headers++) {
		if (next != 0 && next != 43 && next != 60)
			break;
		struct extension *extension = AT(struct extension, offset);
		if (!extension)
			return XDP_ABORTED;
		next = extension->next;
		offset += (extension->length + 1) << 3;
	}
	if (next != 17)
		return XDP_PASS;
	struct udp *udp = AT(struct udp, offset);
	if (!udp)
		return XDP_ABORTED;
	return ntohs(udp->destination) + offset;
}
