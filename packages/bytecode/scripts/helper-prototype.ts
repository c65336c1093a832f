import type { Helper, HelperArgument, HelperInteger, MemoryAccess, MemorySize } from "../src/helpers/helper.ts";

/** `bpf_helper_changes_pkt_data()` of net/core/filter.c. */
export const movesPacket: ReadonlySet<string> = new Set(
  [
    ...["clone_redirect", "l3_csum_replace", "l4_csum_replace", "lwt_push_encap", "lwt_seg6_action"],
    ...["lwt_seg6_adjust_srh", "lwt_seg6_store_bytes", "msg_pop_data", "msg_pull_data", "msg_push_data"],
    ...[
      "skb_adjust_room",
      "skb_change_head",
      "skb_change_proto",
      "skb_change_tail",
      "skb_pull_data",
      "skb_store_bytes",
    ],
    ...["skb_vlan_pop", "skb_vlan_push", "store_hdr_opt", "xdp_adjust_head", "xdp_adjust_meta", "xdp_adjust_tail"],
    "tail_call",
  ].map((name) => `bpf_${name}`),
);

const integers: Readonly<Record<string, HelperInteger>> = {
  u16: "u16",
  u32: "u32",
  u64: "u64",
  int: "i32",
  s32: "i32",
  s64: "i64",
  long: "i64",
  size_t: "u64",
  __be16: "be16",
  __wsum: "u32",
};

const contexts = new Set(["ctx", "skb", "xdp_md", "skops", "bpf_sock", "msg", "reuse", "regs"]);
const contextTypes =
  /^(void|struct (sk_buff|xdp_buff|bpf_sock_ops|bpf_sock_addr|sk_msg_buff|sk_reuseport_md|bpf_sysctl|pt_regs|bpf_perf_event_data|bpf_sk_lookup))$/;
/** What the verifier takes for granted only of things of the kernel, and what it calls such a thing where C says `void`. */
const kernelThings: Readonly<Record<string, string>> = {
  sk: "sock",
  sock: "sock",
  bpf_socket: "sock",
  inode: "inode",
  tp: "tcp_sock",
  percpu_ptr: "per-CPU variable",
  map_value: "kptr",
  ptr: "kptr",
};
const kernelTypes =
  /^struct (task_struct|file|inode|path|seq_file|linux_binprm|socket|cgroup|sock|bpf_spin_lock|bpf_timer|bpf_dynptr)$/;

/** How many bytes the kernel takes where no argument says so. */
const sizes: Readonly<Record<string, MemorySize>> = {
  "bpf_map_lookup_elem key": "key",
  "bpf_map_update_elem key": "key",
  "bpf_map_update_elem value": "value",
  "bpf_map_delete_elem key": "key",
  "bpf_map_lookup_percpu_elem key": "key",
  "bpf_map_push_elem value": "value",
  "bpf_map_pop_elem value": "value",
  "bpf_map_peek_elem value": "value",
  "bpf_sk_storage_get value": "value",
  "bpf_inode_storage_get value": "value",
  "bpf_task_storage_get value": "value",
  "bpf_cgrp_storage_get value": "value",
  "bpf_sock_map_update key": "key",
  "bpf_sock_hash_update key": "key",
  "bpf_msg_redirect_hash key": "key",
  "bpf_sk_redirect_hash key": "key",
  "bpf_sk_select_reuseport key": "key",
  "bpf_strtol res": 8,
  "bpf_strtoul res": 8,
  "bpf_kallsyms_lookup_name res": 8,
  "bpf_check_mtu mtu_len": 4,
  "bpf_get_func_arg value": 8,
  "bpf_get_func_ret value": 8,
  "bpf_tcp_raw_gen_syncookie_ipv4 iph": 20,
  "bpf_tcp_raw_gen_syncookie_ipv6 iph": 40,
  "bpf_tcp_raw_check_syncookie_ipv4 iph": 20,
  "bpf_tcp_raw_check_syncookie_ipv6 iph": 40,
  "bpf_tcp_raw_check_syncookie_ipv4 th": 20,
  "bpf_tcp_raw_check_syncookie_ipv6 th": 20,
};

/** Memory that C does not call const and that is only read, or that is read before it is written. */
const accesses: Readonly<Record<string, MemoryAccess>> = {
  "bpf_perf_event_output data": "read",
  "bpf_skb_output data": "read",
  "bpf_xdp_output data": "read",
  "bpf_ringbuf_output data": "read",
  "bpf_xdp_store_bytes buf": "read",
  "bpf_dynptr_write src": "read",
  "bpf_dynptr_from_mem data": "read and write",
  "bpf_csum_diff from": "read",
  "bpf_csum_diff to": "read",
  "bpf_skb_set_tunnel_key key": "read",
  "bpf_skb_set_tunnel_opt opt": "read",
  "bpf_setsockopt optval": "read",
  "bpf_bind addr": "read",
  "bpf_lwt_push_encap hdr": "read",
  "bpf_lwt_seg6_action param": "read",
  "bpf_redirect_neigh params": "read",
  "bpf_fib_lookup params": "read and write",
  "bpf_check_mtu mtu_len": "read and write",
  "bpf_load_hdr_opt searchby_res": "read and write",
  "bpf_sk_lookup_tcp tuple": "read",
  "bpf_sk_lookup_udp tuple": "read",
  "bpf_skc_lookup_tcp tuple": "read",
  "bpf_tcp_check_syncookie iph": "read",
  "bpf_tcp_check_syncookie th": "read",
  "bpf_tcp_gen_syncookie iph": "read",
  "bpf_tcp_gen_syncookie th": "read",
  "bpf_tcp_raw_gen_syncookie_ipv4 iph": "read",
  "bpf_tcp_raw_gen_syncookie_ipv4 th": "read",
  "bpf_tcp_raw_gen_syncookie_ipv6 iph": "read",
  "bpf_tcp_raw_gen_syncookie_ipv6 th": "read",
  "bpf_tcp_raw_check_syncookie_ipv4 iph": "read",
  "bpf_tcp_raw_check_syncookie_ipv4 th": "read",
  "bpf_tcp_raw_check_syncookie_ipv6 iph": "read",
  "bpf_tcp_raw_check_syncookie_ipv6 th": "read",
  "bpf_snprintf_btf ptr": "read",
  "bpf_seq_printf_btf ptr": "read",
  "bpf_snprintf data": "read",
  "bpf_btf_find_by_name_kind name": "read",
  "bpf_sys_bpf attr": "read and write",
  "bpf_sock_map_update key": "read",
  "bpf_sock_hash_update key": "read",
  "bpf_msg_redirect_hash key": "read",
  "bpf_sk_redirect_hash key": "read",
  "bpf_sk_select_reuseport key": "read",
  "bpf_sk_storage_get value": "read",
  "bpf_inode_storage_get value": "read",
  "bpf_task_storage_get value": "read",
  "bpf_cgrp_storage_get value": "read",
};

const optional = /^bpf_(csum_diff (from|to)|skb_set_tunnel_opt opt|redirect_neigh params|\w+_storage_get value)$/;

/** What a C prototype says, and where it is too coarse, what the kernel's `bpf_func_proto` of the helper says. */
export function parsePrototype(prototype: string): Pick<Helper, "arguments" | "result"> {
  const [, result = "", name = "", list = ""] = /^(.*?)(bpf_\w+)\((.*)\)$/.exec(prototype) ?? [];
  const parameters = list === "void" ? [] : list.split(", ").map((text) => parameter(text));
  return {
    arguments: parameters.map((_, index) => argument(name, parameters, index)),
    result: resultOf(result.trim()),
  };
}

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly pointer: boolean;
  readonly constant: boolean;
}

function parameter(text: string): Parameter {
  if (text === "...") return { name: "values", type: "u64", pointer: false, constant: false };
  const [, constant, type = "", star, name = ""] = /^(const )?(.*?) ?(\*)?(\w+)$/.exec(text) ?? [];
  return { name, type, pointer: star !== undefined, constant: constant !== undefined };
}

function argument(helper: string, parameters: readonly Parameter[], index: number): HelperArgument {
  const [own, next] = [parameters[index], parameters[index + 1]];
  if (own === undefined) throw new RangeError(`${helper} has no parameter ${index}`);
  const { name, type, pointer, constant } = own;
  const key = `${helper} ${name}`;
  if (!pointer) return { name, kind: "integer", type: integerOf(type) };
  if (name === "callback_fn") return { name, kind: "callback" };
  if (name === "callback_ctx" || key === "bpf_user_ringbuf_drain ctx") return { name, kind: "callback-context" };
  if (type === "struct bpf_map" || name === "ringbuf" || key === "bpf_get_local_storage map")
    return { name, kind: "map" };
  if (key === "bpf_snprintf fmt" || key === "bpf_strncmp s2") return { name, kind: "text" };
  if (/^(unsafe|user)_ptr$/.test(name) || key === "bpf_probe_write_user dst") return { name, kind: "address" };
  const thing =
    kernelTypes.exec(type)?.[1] ?? (type === "void" || type === "struct bpf_sock" ? kernelThings[name] : undefined);
  if (thing !== undefined && !(name === "bpf_sock" && helper === "bpf_sock_ops_cb_flags_set"))
    return { name, kind: "kernel", of: thing };
  if (/^bpf_ringbuf_(submit|discard)$/.test(helper)) return { name, kind: "kernel", of: "ring buffer record" };
  if (index === 0 && contexts.has(name) && contextTypes.test(type)) return { name, kind: "context" };
  const sized = next !== undefined && !next.pointer && /(size|len|sz|size_of_buf)$/.test(next.name);
  const size = sizes[key] ?? (sized ? { argument: index + 1 } : undefined);
  if (size === undefined) throw new Error(`how much memory ${name} of ${helper} is has to be said`);
  const access = accesses[key] ?? (constant ? "read" : "write");
  return { name, kind: "memory", access, size, ...(optional.test(key) && { optional: true }) };
}

function resultOf(type: string): Helper["result"] {
  if (type.endsWith("*")) return "pointer";
  return type === "void" ? "nothing" : integerOf(type);
}

function integerOf(type: string): HelperInteger {
  const integer = integers[type];
  if (integer === undefined) throw new Error(`there is no integer ${type}`);
  return integer;
}
