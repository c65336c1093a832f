/* Functions: static, global, weak and hidden, called from several programs in several sections. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline int inner(int x) { return x * 3 + 1; }
__noinline int outer(int x) { return inner(x) + inner(x + 1); }
__weak __noinline int perhaps(int x) { return x + 40; }
__hidden __noinline int within(struct xdp_md *context) { return context->rx_queue_index + inner(2); }

SEC("xdp") int first(struct xdp_md *context) { return outer(within(context)); }
SEC("xdp") int second(struct xdp_md *context) { return perhaps(inner(context->rx_queue_index)); }
SEC("tc") int third(struct __sk_buff *context) { return outer(context->len); }

char _license[] SEC("license") = "GPL";
