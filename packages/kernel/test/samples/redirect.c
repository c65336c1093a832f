/* Maps of targets, and programs that run at them. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, struct bpf_devmap_val);
} devices SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u32);
} device_table SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_CPUMAP);
  __uint(max_entries, 2);
  __uint(key_size, 4);
  __uint(value_size, sizeof(struct bpf_cpumap_val));
} cpus SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_XSKMAP);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u32);
} sockets SEC(".maps");

SEC("xdp") int spread(struct xdp_md *context) {
  switch (context->rx_queue_index & 3) {
    case 0: return bpf_redirect_map(&devices, 0, XDP_PASS);
    case 1: return bpf_redirect_map(&device_table, 1, XDP_DROP);
    case 2: return bpf_redirect_map(&cpus, 0, XDP_PASS);
    default: return bpf_redirect_map(&sockets, 0, XDP_PASS);
  }
}
SEC("xdp/devmap") int at_device(struct xdp_md *context) { return context->egress_ifindex ? XDP_PASS : XDP_DROP; }
SEC("xdp/cpumap") int at_cpu(struct xdp_md *context) { return XDP_PASS; }
SEC("xdp.frags/devmap") int frags_at_device(struct xdp_md *context) { return XDP_PASS; }
SEC("xdp.frags/cpumap") int frags_at_cpu(struct xdp_md *context) { return XDP_PASS; }

char _license[] SEC("license") = "GPL";
