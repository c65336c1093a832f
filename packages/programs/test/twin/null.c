// A program that only passes packets: what every XDP program costs.
#include <linux/bpf.h>

#ifndef VERDICT
#define VERDICT XDP_PASS
#endif

__attribute__((section("xdp"), used)) int xdp_pass(struct xdp_md *context)
{
	return VERDICT;
}

char LICENSE[] __attribute__((section("license"), used)) = "Dual MIT/GPL";
