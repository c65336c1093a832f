#include "../headers.h"

#define START 0xdeadbeef

static ALWAYS_INLINE __u32 rotate(__u32 value, __u32 by)
{
	return value << by | value >> (32 - by);
}

static ALWAYS_INLINE __u32 hash(__u32 first, __u32 second, __u32 third, __u32 seed)
{
	__u32 a = first + seed, b = second + seed, c = third + seed;
	c = (c ^ b) - rotate(b, 14);
	a = (a ^ c) - rotate(c, 11);
	b = (b ^ a) - rotate(a, 25);
	c = (c ^ b) - rotate(b, 16);
	a = (a ^ c) - rotate(c, 4);
	b = (b ^ a) - rotate(a, 14);
	return (c ^ b) - rotate(b, 24);
}

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct words *words = AT(struct words, 0);
	struct ipv4 *ip = AT(struct ipv4, 14);
	if (!words || !ip)
		return XDP_ABORTED;
	__u32 flow = hash(ntohl(ip->source), ntohl(ip->destination), ip->protocol, START);
	return hash(flow, words->words[9], words->words[10], START + 12);
}
