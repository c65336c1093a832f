/* All tables with keys, with types and with sizes alone. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct prefix { __u32 length; __u8 address[4]; };
struct counter { __u64 packets, bytes; };

#define TABLE(NAME, TYPE, FLAGS, KEY) \
  struct { \
    __uint(type, TYPE); \
    __uint(max_entries, 16); \
    __uint(map_flags, FLAGS); \
    __type(key, KEY); \
    __type(value, struct counter); \
  } NAME SEC(".maps")

TABLE(hash, BPF_MAP_TYPE_HASH, BPF_F_NO_PREALLOC, __u32);
TABLE(array, BPF_MAP_TYPE_ARRAY, BPF_F_MMAPABLE, __u32);
TABLE(per_cpu_hash, BPF_MAP_TYPE_PERCPU_HASH, 0, __u32);
TABLE(per_cpu_array, BPF_MAP_TYPE_PERCPU_ARRAY, 0, __u32);
TABLE(lru_hash, BPF_MAP_TYPE_LRU_HASH, 0, __u32);
TABLE(lru_per_cpu_hash, BPF_MAP_TYPE_LRU_PERCPU_HASH, BPF_F_NO_COMMON_LRU, __u32);
TABLE(a_name_that_is_longer_than_the_kernel_keeps, BPF_MAP_TYPE_HASH, 0, __u32);
TABLE(prefixes, BPF_MAP_TYPE_LPM_TRIE, BPF_F_NO_PREALLOC, struct prefix);
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 5);
  __uint(key_size, 6);
  __uint(value_size, 12);
} sizes SEC(".maps");

const struct counter one = { 1, 60 };
const __u8 six[6] = { 1, 2, 3, 4, 5, 6 };

#define COUNT(MAP) \
  do { \
    struct counter *found = bpf_map_lookup_elem(&MAP, &key); \
    if (found) found->packets++; else bpf_map_update_elem(&MAP, &key, &one, BPF_ANY); \
  } while (0)

SEC("xdp") int touch(struct xdp_md *context) {
  __u32 key = 3;
  struct prefix prefix = { 32, { 192, 0, 2, 7 } };
  COUNT(hash); COUNT(array); COUNT(per_cpu_hash); COUNT(per_cpu_array); COUNT(lru_hash); COUNT(lru_per_cpu_hash);
  COUNT(a_name_that_is_longer_than_the_kernel_keeps);
  return (bpf_map_lookup_elem(&prefixes, &prefix) ? 1 : 0) + (bpf_map_lookup_elem(&sizes, six) ? 10 : 0);
}

char _license[] SEC("license") = "GPL";
