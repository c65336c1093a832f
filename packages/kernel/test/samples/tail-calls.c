/* A chain of tail calls through an array that the object fills, and one through an array that it leaves empty. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int stage_one(struct xdp_md *);
int stage_two(struct xdp_md *);

struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 8);
  __uint(key_size, sizeof(__u32));
  __array(values, int(void *));
} stages SEC(".maps") = {
  .values = { [2] = (void *)&stage_one, [5] = (void *)&stage_two },
};
struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 2);
  __uint(key_size, sizeof(__u32));
  __uint(value_size, sizeof(__u32));
} empty SEC(".maps");

__u32 way;

SEC("xdp") int stage_one(struct xdp_md *context) {
  way = way * 10 + 1;
  bpf_tail_call(context, &empty, 0);
  bpf_tail_call(context, &stages, 5);
  return XDP_ABORTED;
}
SEC("xdp") int stage_two(struct xdp_md *context) {
  way = way * 10 + 2;
  return XDP_TX;
}
SEC("xdp") int enter(struct xdp_md *context) {
  way = way * 10 + 3;
  bpf_tail_call(context, &stages, 2);
  return XDP_ABORTED;
}

char _license[] SEC("license") = "GPL";
