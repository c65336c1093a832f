#include "../headers.h"

const volatile __u16 port = 53;
const volatile __u32 longest = 1500, counting = 1;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} DROPPED SEC(".maps");

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	struct udp *udp = AT(struct udp, 34);
	if (!udp)
		return XDP_ABORTED;
	if (end - data <= longest && ntohs(udp->destination) != port)
		return XDP_PASS;
	if (counting) {
		__u32 zero = 0;
		__u64 *dropped = bpf_map_lookup_elem(&DROPPED, &zero);
		if (dropped)
			(*dropped)++;
	}
	return XDP_DROP;
}
