#include "../headers.h"

struct half {
	__u16 value;
};

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	__u32 sum = 0;
	for (__u32 offset = 34; offset < 1514; offset += 2) {
		struct half *half = AT(struct half, offset);
		if (!half) {
			sum = (sum & 0xffff) + (sum >> 16);
			sum = (sum & 0xffff) + (sum >> 16);
			return ~sum & 0xffff;
		}
		sum += half->value;
	}
	return XDP_ABORTED;
}
