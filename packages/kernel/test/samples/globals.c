/* Constants, variables with and without a first value, sections of their own, statics and hidden ones. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 limit = 7;
const char greeting[] = "weir";
__u64 packets;
static volatile __u32 calls;
__u32 preset = 5;
__u32 mine SEC(".data.mine") = 3;
const volatile __u32 fixed SEC(".rodata.fixed") = 11;
__hidden __u32 hidden = 9;

static __noinline __u32 sum(__u32 more) {
  calls++;
  return more + preset + mine + fixed + hidden;
}

SEC("xdp") int count(struct xdp_md *context) {
  packets += greeting[calls & 3];
  return sum(2) > limit ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
