#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct octets *input = AT(struct octets, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 found = 0;
	for (__u32 index = 14; index < 64; index++) {
		__u8 octet = input->octets[index];
		if (octet == 0)
			continue;
		if (octet == 0xfe && index > 40)
			break;
		found = found << 1 ^ octet;
	}
	return found;
}
