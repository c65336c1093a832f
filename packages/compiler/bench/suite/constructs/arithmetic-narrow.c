#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct octets *input = AT(struct octets, 0);
	if (!input)
		return XDP_ABORTED;
	__u8 small = 1;
	__u16 middle = 1;
	for (__u32 index = 0; index < 16; index++) {
		small = small * 3 + input->octets[index];
		middle = middle * 5 + small;
	}
	return (__u32)middle << 8 | small;
}
