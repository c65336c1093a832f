/* Arrays and hash tables of maps, some filled by the object. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct numbers {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u64);
} first SEC(".maps"), second SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 4);
  __type(key, __u32);
  __array(values, struct numbers);
} by_index SEC(".maps") = {
  .values = { [1] = &first, [3] = &second },
};
struct {
  __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
  __uint(max_entries, 4);
  __type(key, __u32);
  __array(values, struct numbers);
} by_key SEC(".maps") = {
  .values = { [0] = &second },
};
struct {
  __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
  __uint(max_entries, 16);
  __type(key, __u64);
  __array(values, struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 9);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, __u16);
    __type(value, __u16);
  });
} tenants SEC(".maps");

static int add(void *maps, __u32 at, __u32 element) {
  void *numbers = bpf_map_lookup_elem(maps, &at);
  __u64 *number = numbers ? bpf_map_lookup_elem(numbers, &element) : 0;
  if (!number) return 0;
  __sync_fetch_and_add(number, at + 1);
  return 1;
}

SEC("xdp") int nested(struct xdp_md *context) {
  __u64 tenant = 7;
  int found = add(&by_index, 1, 0) + add(&by_index, 3, 0) + add(&by_index, 2, 0) + add(&by_key, 0, 1);
  return found + (bpf_map_lookup_elem(&tenants, &tenant) ? 10 : 0);
}

char _license[] SEC("license") = "GPL";
