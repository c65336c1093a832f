/* Packets in several buffers. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u32 length;
__u8 last;

SEC("xdp.frags") int whole(struct xdp_md *context) {
  length = bpf_xdp_get_buff_len(context);
  if (length == 0 || bpf_xdp_load_bytes(context, length - 1, &last, 1)) return XDP_ABORTED;
  return context->data_end - context->data < length ? XDP_TX : XDP_PASS;
}

char _license[] SEC("license") = "GPL";
