#include "../headers.h"

struct option {
	__u8 kind, length;
};

struct segment_size {
	__u8 kind, length;
	__u16 size;
};

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	__u32 offset = 54;
	for (__u32 options = 0; options < 10; options++) {
		struct option *option = AT(struct option, offset);
		if (!option)
			return XDP_ABORTED;
		if (option->kind == 0)
			return XDP_PASS;
		if (option->kind == 1) {
			offset++;
			continue;
		}
		if (option->kind == 2) {
			struct segment_size *found = AT(struct segment_size, offset);
			return found ? ntohs(found->size) : XDP_ABORTED;
		}
		if (option->length < 2)
			return XDP_ABORTED;
		offset += option->length;
	}
	return XDP_PASS;
}
