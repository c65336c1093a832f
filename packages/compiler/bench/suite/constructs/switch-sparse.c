#include "../headers.h"

static ALWAYS_INLINE __u32 class_of(__u32 type, __u32 protocol)
{
	switch (type) {
	case 0x0800:
		switch (protocol) {
		case 1: return 10;
		case 6: return 11;
		case 17: return 12;
		case 47: return 13;
		case 132: return 14;
		default: return 15;
		}
	case 0x0806: return 2;
	case 0x8100:
	case 0x88a8: return 3;
	case 0x86dd: return 4;
	default: return 5;
	}
}

struct ip {
	struct ethernet ethernet;
	__u8 before[9], protocol;
};

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ip *ip = AT(struct ip, 0);
	if (!ip)
		return XDP_ABORTED;
	return class_of(ntohs(ip->ethernet.type), ip->protocol);
}
