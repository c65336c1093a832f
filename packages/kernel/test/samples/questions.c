/* What can be asked of the kernel's types, each answer in a variable. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct iphdr___bits { __u8 ihl : 4, version : 4; };
struct task_struct___here { int prio; unsigned sched_migrated : 1; char comm[16]; struct { int nothing; } absent; };
struct sk_buff___within { __u32 hash; __u16 protocol; };
struct not_in_any_kernel { int field; };
struct bpf_dynptr_kern___other { int size; };
#pragma clang attribute pop
enum bpf_map_type___some { BPF_MAP_TYPE_RINGBUF___some = 1, BPF_MAP_TYPE_NEVER___some = 2 };
enum bpf_attach_type___all { __MAX_BPF_ATTACH_TYPE___all = 5 };
typedef struct { int counter; } atomic_t___local;

__u64 answers[24];

SEC("raw_tp/bpf_test_finish") int ask(void *context) {
  struct task_struct___here *task = (void *)0;
  struct iphdr___bits *header = (void *)0;
  struct not_in_any_kernel *nothing = (void *)0;
  answers[0] = bpf_core_field_offset(struct task_struct___here, prio);
  answers[1] = bpf_core_field_size(struct task_struct___here, comm);
  answers[2] = bpf_core_field_exists(struct task_struct___here, absent);
  answers[3] = bpf_core_field_exists(struct task_struct___here, comm[15]);
  answers[4] = __builtin_preserve_field_info(task->prio, BPF_FIELD_SIGNED);
  answers[5] = __builtin_preserve_field_info(task->sched_migrated, BPF_FIELD_SIGNED);
  answers[6] = __builtin_preserve_field_info(header->version, BPF_FIELD_LSHIFT_U64);
  answers[7] = __builtin_preserve_field_info(header->version, BPF_FIELD_RSHIFT_U64);
  answers[8] = __builtin_preserve_field_info(task->sched_migrated, BPF_FIELD_BYTE_OFFSET);
  answers[9] = bpf_core_field_offset(struct sk_buff___within, hash);
  answers[10] = bpf_core_field_offset(struct sk_buff___within, protocol);
  answers[11] = bpf_core_type_id_local(struct not_in_any_kernel);
  answers[12] = bpf_core_type_id_kernel(struct task_struct___here);
  answers[13] = bpf_core_type_id_kernel(struct not_in_any_kernel);
  answers[14] = bpf_core_type_exists(struct not_in_any_kernel);
  answers[15] = bpf_core_type_exists(struct bpf_dynptr_kern___other);
  answers[16] = bpf_core_type_size(struct sk_buff___within);
  answers[17] = bpf_core_type_size(struct not_in_any_kernel);
  answers[18] = bpf_core_enum_value_exists(enum bpf_map_type___some, BPF_MAP_TYPE_RINGBUF___some);
  answers[19] = bpf_core_enum_value_exists(enum bpf_map_type___some, BPF_MAP_TYPE_NEVER___some);
  answers[20] = bpf_core_enum_value(enum bpf_map_type___some, BPF_MAP_TYPE_RINGBUF___some);
  answers[21] = bpf_core_enum_value(enum bpf_attach_type___all, __MAX_BPF_ATTACH_TYPE___all);
  answers[22] = bpf_core_type_size(atomic_t___local);
  answers[23] = bpf_core_field_exists(nothing->field) ? nothing->field : 77;
  return 0;
}

char _license[] SEC("license") = "GPL";
