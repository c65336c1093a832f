// What the twins share: packet headers, maps and helpers as a C programmer writes them without libbpf's headers.
#include <linux/bpf.h>
#include <linux/types.h>

#define SEC(name) __attribute__((section(name), used))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))
#define __uint(name, value) int(*name)[value]
#define __type(name, type) typeof(type) *name

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define ntohs(value) ((__u16)__builtin_bswap16(value))
#define ntohl(value) ((__u32)__builtin_bswap32(value))
#define ntohll(value) ((__u64)__builtin_bswap64(value))
#define htons(value) ((__u16)__builtin_bswap16(value))
#define htonl(value) ((__u32)__builtin_bswap32(value))

#define DATA(context) ((void *)(long)(context)->data)
#define END(context) ((void *)(long)(context)->data_end)
// The record at an offset of the packet, or null where the packet ends before it does; wants `data` and `end`.
#define AT(type, offset)                                                                                                         \
	({                                                                                                                       \
		void *at = data + (offset);                                                                                      \
		at + sizeof(type) > end ? (type *)0 : (type *)at;                                                                \
	})

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static __u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static __u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static long (*const bpf_xdp_adjust_head)(struct xdp_md *context, int by) = (void *)44;

struct ethernet {
	__u8 destination[6], source[6];
	__u16 type;
};

struct vlan_tag {
	__u16 control, type;
};

struct ipv4 {
	__u8 version_and_length, service;
	__u16 length, identification, fragment;
	__u8 time_to_live, protocol;
	__u16 checksum;
	__u32 source, destination;
};

struct ipv6 {
	__u32 flow;
	__u16 length;
	__u8 next, hop_limit;
	__u64 source_high, source_low, destination_high, destination_low;
};

struct tcp {
	__u16 source, destination;
	__u32 sequence, acknowledgment;
	__u8 offset, flags;
	__u16 window, checksum, urgent;
};

struct udp {
	__u16 source, destination, length, checksum;
};

// The packet as sixteen numbers of each width.
struct words {
	__u32 words[16];
};
struct longs {
	__u64 longs[8];
};
struct halves {
	__u16 halves[32];
};
struct octets {
	__u8 octets[64];
};
