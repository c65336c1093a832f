/* What the programs that run in the machine and in the kernel begin with. */
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name
#define __array(name, value) typeof(value) *name[]
#define inline static __attribute__((always_inline))
#define NULL ((void *)0)
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;

struct xdp_md {
	u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};
struct bpf_spin_lock {
	u32 val;
};
struct bpf_timer {
	u64 opaque[2];
} __attribute__((aligned(8)));

enum { XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX, XDP_REDIRECT };
enum { HASH = 1, ARRAY = 2, PROG_ARRAY = 3, PERF_EVENT_ARRAY = 4, PERCPU_HASH = 5, PERCPU_ARRAY = 6, LRU_HASH = 9,
       LRU_PERCPU_HASH = 10, LPM_TRIE = 11, ARRAY_OF_MAPS = 12, HASH_OF_MAPS = 13, DEVMAP = 14, CPUMAP = 16,
       QUEUE = 22, STACK = 23, DEVMAP_HASH = 25, RINGBUF = 27, BLOOM_FILTER = 30 };
enum { NO_PREALLOC = 1 };

static void *(*map_lookup)(void *map, const void *key) = (void *)1;
static long (*map_update)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*map_delete)(void *map, const void *key) = (void *)3;
static u64 (*ktime_get_ns)(void) = (void *)5;
static long (*trace_printk)(const char *format, u32 size, ...) = (void *)6;
static u32 (*smp_processor_id)(void) = (void *)8;
static long (*tail_call)(void *ctx, void *map, u32 index) = (void *)12;
static long (*perf_event_output)(void *ctx, void *map, u64 flags, void *data, u64 size) = (void *)25;
static s64 (*csum_diff)(void *from, u32 from_size, void *to, u32 to_size, u32 seed) = (void *)28;
static long (*xdp_adjust_head)(struct xdp_md *ctx, int by) = (void *)44;
static long (*redirect_map)(void *map, u64 key, u64 flags) = (void *)51;
static long (*xdp_adjust_meta)(struct xdp_md *ctx, int by) = (void *)54;
static long (*xdp_adjust_tail)(struct xdp_md *ctx, int by) = (void *)65;
static long (*map_push)(void *map, const void *value, u64 flags) = (void *)87;
static long (*map_pop)(void *map, void *value) = (void *)88;
static long (*map_peek)(void *map, void *value) = (void *)89;
static long (*spin_lock)(struct bpf_spin_lock *lock) = (void *)93;
static long (*spin_unlock)(struct bpf_spin_lock *lock) = (void *)94;
static long (*strtol_)(const char *text, u64 length, u64 flags, s64 *number) = (void *)105;
static long (*strtoul_)(const char *text, u64 length, u64 flags, u64 *number) = (void *)106;
static long (*ringbuf_output)(void *map, void *data, u64 size, u64 flags) = (void *)130;
static void *(*ringbuf_reserve)(void *map, u64 size, u64 flags) = (void *)131;
static void (*ringbuf_submit)(void *data, u64 flags) = (void *)132;
static void (*ringbuf_discard)(void *data, u64 flags) = (void *)133;
static u64 (*ringbuf_query)(void *map, u64 flags) = (void *)134;
static long (*for_each_map_elem)(void *map, void *callback, void *context, u64 flags) = (void *)164;
static long (*snprintf_)(char *target, u32 size, const char *format, u64 *data, u32 length) = (void *)165;
static long (*timer_init)(struct bpf_timer *timer, void *map, u64 flags) = (void *)169;
static long (*timer_set_callback)(struct bpf_timer *timer, void *callback) = (void *)170;
static long (*timer_start)(struct bpf_timer *timer, u64 nanoseconds, u64 flags) = (void *)171;
static long (*timer_cancel)(struct bpf_timer *timer) = (void *)172;
static long (*loop)(u32 count, void *callback, void *context, u64 flags) = (void *)181;
static long (*strncmp_)(const char *left, u32 length, const char *right) = (void *)182;
static u64 (*xdp_buff_len)(struct xdp_md *ctx) = (void *)188;
static long (*xdp_load_bytes)(struct xdp_md *ctx, u32 offset, void *to, u32 length) = (void *)189;
static long (*xdp_store_bytes)(struct xdp_md *ctx, u32 offset, void *from, u32 length) = (void *)190;
static void *(*map_lookup_percpu)(void *map, const void *key, u32 cpu) = (void *)195;

char _license[] SEC("license") = "GPL";

/* What a packet asks for, and the answer, which is written over it. */
struct request {
	u8 header[16];
	u32 kind;
	u32 number;
	u64 flags;
	u8 key[8];
	u8 value[16];
	s64 result;
	u8 answer[16];
};

inline struct request *request_of(struct xdp_md *ctx)
{
	struct request *request = (void *)(long)ctx->data;
	return (void *)(request + 1) > (void *)(long)ctx->data_end ? NULL : request;
}
