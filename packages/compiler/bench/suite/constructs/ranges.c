#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct octets *input = AT(struct octets, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 digits = 0, letters = 0;
	for (__u32 index = 14; index < 62; index++) {
		__u8 octet = input->octets[index];
		if (octet >= 48 && octet <= 57)
			digits++;
		else if ((octet >= 65 && octet <= 90) || (octet >= 97 && octet <= 122))
			letters++;
	}
	return digits << 16 | letters;
}
