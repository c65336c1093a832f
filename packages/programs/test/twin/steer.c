// The steering program for CPUs a second time, in C: the monitor's twin with the stage of steering.h.
#define STEERING
#include "monitor.c"

SEC("xdp")
int xdp_steer(struct xdp_md *context)
{
	__u32 length, zero = 0;
	struct steered *here = bpf_map_lookup_elem(&TARGETS, &zero);
	if (!here)
		return XDP_PASS;
	int verdict = frame(context, &length);
	if (verdict == XDP_PASS) {
		here->packets += 1;
		here->bytes += length;
	}
	return verdict;
}
