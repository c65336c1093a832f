/* Records for user space, by both kinds of ring. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} ring SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
  __uint(key_size, sizeof(__u32));
  __uint(value_size, sizeof(__u32));
} perf SEC(".maps");

struct event { __u32 number, length; };
__u32 count;

SEC("xdp") int report(struct xdp_md *context) {
  struct event event = { ++count, context->data_end - context->data };
  struct event *reserved = bpf_ringbuf_reserve(&ring, sizeof(event), 0);
  if (!reserved) return XDP_ABORTED;
  *reserved = event;
  if (count % 3 == 0) bpf_ringbuf_discard(reserved, 0); else bpf_ringbuf_submit(reserved, 0);
  bpf_perf_event_output(context, &perf, BPF_F_CURRENT_CPU, &event, sizeof(event));
  return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
