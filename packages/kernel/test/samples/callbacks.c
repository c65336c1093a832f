/* Addresses of functions: loops, walks over maps, timers. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct timed { struct bpf_timer timer; struct bpf_spin_lock lock; __u32 rounds; };
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct timed);
} timers SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 8);
  __type(key, __u32);
  __type(value, __u32);
} numbers SEC(".maps");

__u32 looped, walked, fired;

static int each(__u32 index, __u32 *sum) { *sum += index; return index == 8; }
static int visit(void *map, __u32 *key, __u32 *value, __u32 *sum) { *sum += *key * *value; return 0; }
static int expire(void *map, __u32 *key, struct timed *timed) {
  bpf_spin_lock(&timed->lock);
  timed->rounds++;
  bpf_spin_unlock(&timed->lock);
  __sync_fetch_and_add(&fired, 1);
  return 0;
}

SEC("xdp") int start(struct xdp_md *context) {
  __u32 zero = 0, sum = 0;
  bpf_loop(100, each, &sum, 0);
  looped = sum;
  sum = 0;
  bpf_for_each_map_elem(&numbers, visit, &sum, 0);
  walked = sum;
  struct timed *timed = bpf_map_lookup_elem(&timers, &zero);
  if (!timed) return XDP_ABORTED;
  bpf_timer_init(&timed->timer, &timers, 1 /* CLOCK_MONOTONIC */);
  bpf_timer_set_callback(&timed->timer, expire);
  bpf_timer_start(&timed->timer, 1000, 0);
  return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
