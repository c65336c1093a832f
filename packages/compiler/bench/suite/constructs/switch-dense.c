#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct octets *input = AT(struct octets, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 state = 1;
	for (__u32 index = 0; index < 32; index++) {
		switch (input->octets[index] & 7) {
		case 0: state += 3; break;
		case 1: state ^= 0x55; break;
		case 2: state *= 7; break;
		case 3: state -= 9; break;
		case 4: state |= 0x100; break;
		case 5: state >>= 1; break;
		case 6: state += index; break;
		default: state &= 0xffffff;
		}
	}
	return state;
}
