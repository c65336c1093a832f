/* Programs of all types, several in one object. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct {
  __uint(type, BPF_MAP_TYPE_SK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u64);
} per_socket SEC(".maps");
struct seq_file;
struct task_struct { int pid; int tgid; } __attribute__((preserve_access_index));
struct bpf_iter_meta { struct seq_file *seq; } __attribute__((preserve_access_index));
struct bpf_iter__task { struct bpf_iter_meta *meta; struct task_struct *task; } __attribute__((preserve_access_index));

__u64 entered, finished, raw, switched, connected, stored, wanted;
__u32 seen_length;

SEC("tp/syscalls/sys_enter_getppid") int on_getppid(void *context) {
  if (bpf_get_current_pid_tgid() >> 32 == wanted) __sync_fetch_and_add(&entered, 1);
  return 0;
}
SEC("raw_tp/bpf_test_finish") int on_finish_raw(void *context) { __sync_fetch_and_add(&raw, 1); return 0; }
SEC("tp_btf/bpf_test_finish") int BPF_PROG(on_finish, int *error) { __sync_fetch_and_add(&finished, 1); return 0; }
SEC("sockops") int on_socket(struct bpf_sock_ops *context) {
  if (context->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB) return 1;
  __sync_fetch_and_add(&connected, 1);
  struct bpf_sock *sock = context->sk;
  __u64 *value = sock ? bpf_sk_storage_get(&per_socket, sock, 0, BPF_SK_STORAGE_GET_F_CREATE) : 0;
  if (value) { *value = 1; __sync_fetch_and_add(&stored, 1); }
  return 1;
}
const char format[] = "%d\n";
SEC("iter/task") int list(struct bpf_iter__task *context) {
  struct task_struct *task = context->task;
  if (!task || task->pid != task->tgid) return 0;
  __u64 arguments[] = { task->tgid };
  bpf_seq_printf(context->meta->seq, format, sizeof(format), arguments, sizeof(arguments));
  return 0;
}
SEC("tc") int at_edge(struct __sk_buff *context) {
  if (context->len > seen_length) seen_length = context->len;
  return 0;
}
SEC("xdp") int at_driver(struct xdp_md *context) { return XDP_PASS; }

char _license[] SEC("license") = "GPL";
