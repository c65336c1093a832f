#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	__u16 type = ntohs(ethernet->type);
	__u32 offset = 14, tags = 0;
	while ((type == 0x8100 || type == 0x88a8) && tags < 4) {
		struct vlan_tag *tag = AT(struct vlan_tag, offset);
		if (!tag)
			return XDP_ABORTED;
		type = ntohs(tag->type);
		offset += 4;
		tags++;
	}
	if (type != 0x0800)
		return XDP_PASS;
	struct ipv4 *ip = AT(struct ipv4, offset);
	if (!ip)
		return XDP_ABORTED;
	return tags << 8 | ip->protocol;
}
