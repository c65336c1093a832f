#include "../headers.h"

struct header {
	__u16 halves[10];
};

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct header *header = AT(struct header, 14);
	if (!header)
		return XDP_ABORTED;
	__u32 sum = 0;
	for (__u32 index = 0; index < 10; index++)
		sum += header->halves[index];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}
