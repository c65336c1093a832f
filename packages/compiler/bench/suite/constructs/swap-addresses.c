#include "../headers.h"

struct address {
	__u16 first, second, third;
};

struct frame {
	struct address destination, source;
	__u16 type;
};

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct frame *frame = AT(struct frame, 0);
	if (!frame)
		return XDP_ABORTED;
	struct address kept = frame->destination;
	frame->destination = frame->source;
	frame->source = kept;
	return XDP_TX;
}
