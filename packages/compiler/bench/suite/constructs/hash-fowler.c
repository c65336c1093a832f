#include "../headers.h"

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct octets *input = AT(struct octets, 0);
	if (!input)
		return XDP_ABORTED;
	__u32 hash = 0x811c9dc5;
	for (__u32 index = 26; index < 38; index++)
		hash = (hash ^ input->octets[index]) * 0x01000193;
	return hash;
}
