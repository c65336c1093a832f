#include "../headers.h"

struct point {
	__u32 x, y;
	__u16 weight;
};

static ALWAYS_INLINE void add(struct point *point, __u32 by)
{
	point->x += by;
	point->y ^= point->x;
	point->weight++;
}

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *input = AT(struct words, 0);
	if (!input)
		return XDP_ABORTED;
	struct point point = { 1, 2, 3 };
	for (__u32 index = 0; index < 16; index++) {
		add(&point, input->words[index]);
		if (point.y > point.x)
			point.y -= point.weight;
	}
	return point.x + point.y + point.weight;
}
