/**
 * Constants that are preprocessor macros in the kernel's headers, which BTF does not record.
 * Each group names the header that it comes from; the values are part of Linux's stable interface.
 */

/** `linux/bpf.h`: program load flags. */
export const BPF_F_XDP_HAS_FRAGS = 1 << 5;
export const BPF_F_XDP_DEV_BOUND_ONLY = 1 << 6;

/** `linux/bpf.h`: the meaning of `src_reg` in a 64-bit immediate load and in a call. */
export const BPF_PSEUDO_MAP_FD = 1;
export const BPF_PSEUDO_MAP_VALUE = 2;
export const BPF_PSEUDO_BTF_ID = 3;
export const BPF_PSEUDO_KFUNC_CALL = 2;

/** `linux/bpf.h`: flags of BPF_PROG_TEST_RUN. */
export const BPF_F_TEST_XDP_LIVE_FRAMES = 1 << 1;

/** `linux/perf_event.h`: flags of perf_event_open(2). */
export const PERF_FLAG_FD_CLOEXEC = 1 << 3;

/** `linux/if_link.h`: flags of IFLA_XDP_FLAGS and of XDP links. */
export const XDP_FLAGS_UPDATE_IF_NOEXIST = 1 << 0;
export const XDP_FLAGS_SKB_MODE = 1 << 1;
export const XDP_FLAGS_DRV_MODE = 1 << 2;
export const XDP_FLAGS_HW_MODE = 1 << 3;
export const XDP_FLAGS_REPLACE = 1 << 4;

/** `linux/if_link.h`: what IFLA_INFO_DATA of a VLAN holds. An enumeration, but in the BTF only of kernels with VLANs built in. */
export const ifla_vlan = { IFLA_VLAN_ID: 1 } as const;

/** `linux/sockios.h`, `linux/ethtool.h`: ioctl(2) for drivers. */
export const SIOCETHTOOL = 0x8946;
export const ETHTOOL_GDRVINFO = 3;

/** `linux/if_arp.h`: link types whose frames begin with an Ethernet header. */
export const ARPHRD_ETHER = 1;
export const ARPHRD_LOOPBACK = 772;

/** `asm-generic/socket.h`. */
export const SOL_SOCKET = 1;
export const SO_RCVBUF = 8;
export const SO_RCVBUFFORCE = 33;

/** `linux/netlink.h` and `linux/socket.h`. */
export const AF_NETLINK = 16;
export const NETLINK_ROUTE = 0;
export const NETLINK_GENERIC = 16;
export const SOCK_RAW = 3;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_NETLINK = 270;
export const NETLINK_ADD_MEMBERSHIP = 1;
export const NETLINK_EXT_ACK = 11;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLM_F_REQUEST = 0x01;
export const NLM_F_ACK = 0x04;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
export const NLM_F_CAPPED = 0x100;
export const NLM_F_ACK_TLVS = 0x200;
export const NLA_F_NESTED = 1 << 15;
export const NLA_TYPE_MASK = 0x3fff;

/** `linux/genetlink.h`: the family that knows the others. */
export const GENL_ID_CTRL = 0x10;

/** `linux/socket.h`, `linux/in.h` and `linux/in6.h`. */
export const AF_INET = 2;
export const AF_INET6 = 10;
export const IPPROTO_ICMP = 1;
export const IPPROTO_ICMPV6 = 58;
export const MSG_TRUNC = 0x20;
export const MSG_DONTWAIT = 0x40;

/** `asm-generic/fcntl.h`. */
export const O_RDONLY = 0;
export const O_CLOEXEC = 0o2000000;

/** `asm-generic/mman.h`. */
export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const MAP_SHARED = 0x01;
export const MAP_PRIVATE = 0x02;
export const MAP_ANONYMOUS = 0x20;

/** `linux/fcntl.h`, fcntl(2). */
export const F_DUPFD_CLOEXEC = 1030;

/** `asm-generic/fcntl.h`, flock(2). */
export const LOCK_EX = 2;
export const LOCK_NB = 4;

/** `linux/mount.h`: fsopen(2), fsconfig(2), fsmount(2). */
export const FSOPEN_CLOEXEC = 1;
export const FSCONFIG_CMD_CREATE = 6;
export const FSMOUNT_CLOEXEC = 1;

/** `linux/sched.h`. */
export const CLONE_NEWNET = 0x40000000;

/** `linux/capability.h`: bit numbers. */
export const CAP_NET_ADMIN = 12;
export const CAP_SYS_ADMIN = 21;
export const CAP_PERFMON = 38;
export const CAP_BPF = 39;
