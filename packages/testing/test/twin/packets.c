/* What changes the packet, and sums and texts. */
#include "prelude.h"

inline int move(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	if (request == NULL) return XDP_DROP;
	u32 kind = request->kind;
	s32 by = request->number;
	long result;
	switch (kind) {
	case 0:
		result = xdp_adjust_head(ctx, by);
		break;
	case 1:
		result = xdp_adjust_tail(ctx, by);
		break;
	case 2:
		result = xdp_adjust_meta(ctx, by);
		break;
	case 3: {
		/* Metadata wander with the head. */
		u32 mark = 0xabcd1234;
		result = xdp_adjust_meta(ctx, -4);
		u32 *meta = (void *)(long)ctx->data_meta;
		if ((void *)(meta + 1) > (void *)(long)ctx->data) return XDP_ABORTED;
		*meta = mark;
		result = xdp_adjust_head(ctx, by);
		meta = (void *)(long)ctx->data_meta;
		if ((void *)(meta + 1) > (void *)(long)ctx->data) return XDP_ABORTED;
		if (*meta != mark) return XDP_REDIRECT;
		break;
	}
	default:
		return XDP_TX;
	}
	u8 *start = (void *)(long)ctx->data;
	if ((void *)(start + 1) > (void *)(long)ctx->data_end) return XDP_ABORTED;
	/* The answer goes where there is still a packet. */
	start[0] = -result;
	return XDP_PASS;
}

SEC("xdp") int moves(struct xdp_md *ctx)
{
	return move(ctx);
}

SEC("xdp.frags") int moves_frags(struct xdp_md *ctx)
{
	return move(ctx);
}

inline int copy(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	u8 bytes[16] = {};
	if (request == NULL) return XDP_DROP;
	u32 kind = request->kind, offset = request->number, length = request->flags & 15;
	if (length == 0) length = 16;
	__builtin_memcpy(bytes, request->value, 16);
	long result = kind == 0 ? xdp_load_bytes(ctx, offset, bytes, length) : xdp_store_bytes(ctx, offset, bytes, length);
	request = request_of(ctx);
	if (request == NULL) return XDP_DROP;
	request->result = result;
	request->flags = xdp_buff_len(ctx);
	__builtin_memcpy(request->answer, bytes, 16);
	return XDP_PASS;
}

SEC("xdp") int copies(struct xdp_md *ctx)
{
	return copy(ctx);
}

SEC("xdp.frags") int copies_frags(struct xdp_md *ctx)
{
	return copy(ctx);
}

SEC("xdp") int sums(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	u64 from[2], to[2];
	if (request == NULL) return XDP_DROP;
	__builtin_memcpy(from, request->value, 16);
	__builtin_memcpy(to, request->answer, 16);
	switch (request->kind) {
	case 0:
		request->result = csum_diff(from, 16, to, 16, request->number);
		break;
	case 1:
		request->result = csum_diff(NULL, 0, to, 12, request->number);
		break;
	case 2:
		request->result = csum_diff(from, 8, NULL, 0, request->number);
		break;
	case 3:
		request->result = csum_diff(from, 4, to, 16, request->number);
		break;
	}
	return XDP_PASS;
}

SEC("xdp") int numbers_in_text(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	char text[16];
	s64 number = 0;
	u64 natural = 0;
	if (request == NULL) return XDP_DROP;
	__builtin_memcpy(text, request->value, 16);
	u64 length = request->number & 15;
	if (length == 0) length = 16;
	if (request->kind == 0) request->result = strtol_(text, length, request->flags, &number);
	else request->result = strtoul_(text, length, request->flags, &natural);
	u64 both = request->kind == 0 ? number : natural;
	__builtin_memcpy(request->answer, &both, 8);
	return XDP_PASS;
}

/* In a section of constants, as these helpers want them. */
static const char word[] = "weir";
static const char format[] = "%d %u %x|%5d|%-4d|%08lx %lld %s%%";
static const char name[] = "abc";

SEC("xdp") int texts(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	char target[48] = {};
	if (request == NULL) return XDP_DROP;
	if (request->kind == 0) {
		char text[8];
		__builtin_memcpy(text, request->value, 8);
		request->result = strncmp_(text, 8, word);
		return XDP_PASS;
	}
	u64 data[] = { request->number, request->number, request->number, request->number & 0xff,
		       request->number & 0xff, request->flags, request->flags, (u64)(long)name };
	u32 size = request->kind & 63;
	if (size > sizeof(target)) size = sizeof(target);
	request->result = snprintf_(target, size, format, data, sizeof(data));
	/* What follows the packet's request takes the text. */
	char *place = (void *)(request + 1);
	if ((void *)(place + sizeof(target)) > (void *)(long)ctx->data_end) return XDP_DROP;
	__builtin_memcpy(place, target, sizeof(target));
	return XDP_PASS;
}

SEC("xdp") int arrival(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	if (request == NULL) return XDP_DROP;
	request->kind = ctx->ingress_ifindex;
	request->number = ctx->rx_queue_index;
	return XDP_PASS;
}
