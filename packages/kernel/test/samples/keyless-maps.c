/* Maps without keys. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define BAG(NAME, TYPE, ...) \
  struct { \
    __uint(type, TYPE); \
    __uint(max_entries, 8); \
    __type(value, __u32); \
    __VA_ARGS__ \
  } NAME SEC(".maps")

BAG(waiting, BPF_MAP_TYPE_QUEUE, );
BAG(pile, BPF_MAP_TYPE_STACK, );
BAG(seen, BPF_MAP_TYPE_BLOOM_FILTER, __uint(map_extra, 3););

SEC("xdp") int move(struct xdp_md *context) {
  __u32 value = 0;
  if (bpf_map_pop_elem(&waiting, &value)) return XDP_PASS;
  bpf_map_push_elem(&pile, &value, BPF_ANY);
  bpf_map_push_elem(&seen, &value, BPF_ANY);
  return bpf_map_peek_elem(&seen, &value) ? XDP_ABORTED : XDP_DROP;
}

char _license[] SEC("license") = "GPL";
