/* The kernel's structures, declared otherwise than they are: fewer fields, in another order, with flavours. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct task_struct {
  struct task_struct *real_parent;
  int tgid;
  char comm[16];
};
struct task_struct___flags {
  unsigned in_execve : 1;
  unsigned sched_reset_on_fork : 1;
  signed no_such_flag : 3;
};
struct task_struct___old { long long state; };
struct task_struct___new { unsigned int __state; };
struct net_device { unsigned int mtu; int ifindex; };
struct sk_buff { unsigned int len; struct net_device *dev; };
#pragma clang attribute pop

__u32 wanted, tgid, parent, on_fork, state_size;
char comm[16];

SEC("tp_btf/bpf_test_finish") int BPF_PROG(look, int *error) {
  struct task_struct *task = (void *)bpf_get_current_task_btf();
  if (task->tgid != wanted) return 0;
  tgid = task->tgid;
  parent = BPF_CORE_READ(task, real_parent, tgid);
  bpf_core_read(&comm, sizeof(comm), &task->comm);
  struct task_struct___flags *flags = (void *)task;
  on_fork = BPF_CORE_READ_BITFIELD_PROBED(flags, sched_reset_on_fork);
  if (bpf_core_field_exists(flags->no_such_flag)) on_fork = BPF_CORE_READ_BITFIELD_PROBED(flags, no_such_flag);
  struct task_struct___new *newer = (void *)task;
  struct task_struct___old *older = (void *)task;
  if (bpf_core_field_exists(newer->__state)) state_size = bpf_core_field_size(newer->__state);
  else state_size = bpf_core_field_size(older->state);
  return 0;
}

char _license[] SEC("license") = "GPL";
