/* Functions of the kernel: some that it has, one that it lacks. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern int bpf_no_such_function(int x) __ksym __weak;

SEC("tc") int locks(struct __sk_buff *context) {
  bpf_rcu_read_lock();
  int length = context->len;
  bpf_rcu_read_unlock();
  return bpf_no_such_function ? 1 : length;
}

char _license[] SEC("license") = "GPL";
