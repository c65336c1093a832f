// The monitor a second time, in C: the oracle and the yardstick of monitor.bpf.ts. Same maps, same algorithm; the
// configuration is in .rodata, which the tests' loader patches through the constants below (-D on the command line).
#ifndef SLOTS
#define SLOTS 13656
#endif

#include "flows.h"

#define WAYS 8
#define STEPS 10
#define NOWHERE 0xffffffffu
#define BUCKETS (SLOTS / WAYS)

struct bucket {
	__u64 tags, busy_until_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BUCKETS * SECTIONS);
	__type(key, __u32);
	__type(value, struct bucket);
} XDP_CONN_INDEX SEC(".maps"), XDP_CONN6_INDEX SEC(".maps");

#define EACH 0x0101010101010101ull
#define TOPS 0x8080808080808080ull

static ALWAYS_INLINE __u64 alike(__u64 tags, __u64 tag)
{
	__u64 different = tags ^ tag * EACH;
	return different - EACH & ~different & TOPS;
}

// The number of the lowest byte that has its highest bit.
static ALWAYS_INLINE __u32 lowest(__u64 bytes)
{
	return ((bytes & -bytes) >> 7) * 0x0020406080a0c0e0ull >> 61;
}

// The way of a full bucket whose connection is idle, or WAYS; then it says until when that cannot change.
#define DEFINE_IDLE_WAY(name, map)                                                                                    \
	static ALWAYS_INLINE __u32 name(struct bucket *bucket, __u32 first, __u64 now)                    \
	{                                                                                                             \
		__u64 earliest = now + IDLE_NS;                                                                       \
		_Pragma("clang loop unroll(disable)") for (__u32 way = 0; way < WAYS; way++)                          \
		{                                                                                                     \
			__u32 place = first + way;                                                                    \
			struct counts *counts = bpf_map_lookup_elem(&map, &place);                                    \
			if (!counts)                                                                                  \
				return WAYS;                                                                          \
			if (!counts->packet_count)                                                                    \
				continue;                                                                             \
			__u64 patience = counts->packet_count == 1 ? IDLE_NS >> 4 : IDLE_NS;                          \
			__u64 end = counts->last_seen_ns + patience;                                                  \
			if (now > end)                                                                                \
				return way;                                                                           \
			if (end < earliest)                                                                           \
				earliest = end;                                                                       \
		}                                                                                                     \
		bucket->busy_until_ns = earliest + 1;                                                                 \
		return WAYS;                                                                                          \
	}
DEFINE_IDLE_WAY(idle_way4, XDP_CONN_STATS)
DEFINE_IDLE_WAY(idle_way6, XDP_CONN6_STATS)

// What connections are told apart by; of IPv4 ones the first word is all of both addresses.
struct key4 {
	__u64 addresses, rest;
};
struct key6 {
	__u64 address[4], rest;
};

static ALWAYS_INLINE int is4(struct conn4 *slot, struct key4 *key)
{
	return slot->addresses == key->addresses && slot->rest == key->rest;
}

static ALWAYS_INLINE int is6(struct conn6 *slot, struct key6 *key)
{
	return slot->address[3] == key->address[3] && slot->address[1] == key->address[1] && slot->rest == key->rest &&
	       slot->address[2] == key->address[2] && slot->address[0] == key->address[0];
}

static ALWAYS_INLINE void name4(struct conn4 *slot, struct key4 *key)
{
	slot->addresses = key->addresses;
	asm volatile("" ::: "memory");
	slot->rest = key->rest;
}

static ALWAYS_INLINE void name6(struct conn6 *slot, struct key6 *key)
{
	slot->address[0] = key->address[0];
	slot->address[1] = key->address[1];
	slot->address[2] = key->address[2];
	slot->address[3] = key->address[3];
	asm volatile("" ::: "memory");
	slot->rest = key->rest;
}

// The place of a connection that is not in its own slot: where it is or may begin, or `NOWHERE`.
#define DEFINE_FIND_PLACE(v, XDP_STATS, XDP_INDEX)                                                                    \
	static __attribute__((noinline)) __u32 find_place##v(struct stats *stats, __u32 hash, struct key##v *key, __u64 now) \
	{                                                                                                             \
		__u32 section = bpf_get_smp_processor_id(), own = hash & WAYS - 1;                                    \
		__u64 tag = ((hash & 0xffff) * 255 >> 16) + 1;                                                        \
		__u32 number = section * BUCKETS + (__u32)((__u64)hash * BUCKETS >> 32);                              \
		struct bucket *bucket = bpf_map_lookup_elem(&XDP_INDEX, &number);                                     \
		if (!bucket)                                                                                          \
			return NOWHERE;                                                                               \
		__u64 same = alike(bucket->tags, tag), free = 0;                                                      \
		__u32 waiting = NOWHERE, way = WAYS;                                                                  \
		_Pragma("clang loop unroll(disable)") for (int step = 0; step < STEPS; step++)                        \
		{                                                                                                     \
			if (same) {                                                                                   \
				__u32 place = number * WAYS + lowest(same);                                           \
				struct conn##v *slot = bpf_map_lookup_elem(&XDP_STATS, &place);                       \
				if (slot && is##v(slot, key))                                                         \
					return place;                                                                 \
				same &= same - 1;                                                                     \
				continue;                                                                             \
			}                                                                                             \
			if (waiting == NOWHERE && IDLE_NS != 0 && now >= bucket->busy_until_ns)                       \
				waiting = number;                                                                     \
			free = alike(bucket->tags, 0);                                                                \
			if (free)                                                                                     \
				break;                                                                                \
			hash = hash * 0x9e3779b1u + 1;                                                                \
			number = section * BUCKETS + (__u32)((__u64)hash * BUCKETS >> 32);                            \
			bucket = bpf_map_lookup_elem(&XDP_INDEX, &number);                                            \
			if (!bucket)                                                                                  \
				return NOWHERE;                                                                       \
			same = alike(bucket->tags, tag);                                                              \
		}                                                                                                     \
		if (free && stats->ipv##v##_slots < CONNECTIONS) {                                                    \
			way = bucket->tags >> own * 8 & 0xff ? lowest(free) : own;                                    \
		} else if (waiting != NOWHERE) {                                                                      \
			number = waiting;                                                                             \
			bucket = bpf_map_lookup_elem(&XDP_INDEX, &number);                                            \
			if (!bucket)                                                                                  \
				return NOWHERE;                                                                       \
			way = idle_way##v(bucket, number * WAYS, now);                                                \
		}                                                                                                     \
		if (way >= WAYS)                                                                                      \
			return NOWHERE;                                                                               \
		bucket->tags = bucket->tags & ~(0xffull << way * 8) | tag << way * 8;                                 \
		bucket->busy_until_ns = 0;                                                                            \
		return number * WAYS + way;                                                                           \
	}
DEFINE_FIND_PLACE(4, XDP_CONN_STATS, XDP_CONN_INDEX)
DEFINE_FIND_PLACE(6, XDP_CONN6_STATS, XDP_CONN6_INDEX)

// What is the same for both versions of IP: counts in the slot of a connection, or begins it in a slot that is free or idle.
#define DEFINE_COUNT(v, XDP_STATS, XDP_SIDE)                                                                          \
	static ALWAYS_INLINE void count_in##v(struct stats *stats, struct key##v *key, __u64 product, __u32 length)   \
	{                                                                                                             \
		__u64 weight = weigh(stats, product);                                                                 \
		if (!weight)                                                                                          \
			return;                                                                                       \
		__u32 cpu = bpf_get_smp_processor_id(), hash = product >> 32;                                         \
		if (cpu >= SECTIONS) {                                                                                \
			stats->overflow += 1;                                                                         \
			return;                                                                                       \
		}                                                                                                     \
		__u64 now = bpf_jiffies64() * TICK_NS + CLOCK_BASE;                                                   \
		__u32 place = (cpu * BUCKETS + (__u32)((__u64)hash * BUCKETS >> 32)) * WAYS + (hash & WAYS - 1);      \
		struct conn##v *slot = bpf_map_lookup_elem(&XDP_STATS, &place);                                       \
		if (!slot || !is##v(slot, key)) {                                                                     \
			place = find_place##v(stats, hash, key, now);                                                 \
			slot = bpf_map_lookup_elem(&XDP_STATS, &place);                                               \
		}                                                                                                     \
		if (!slot) {                                                                                          \
			stats->overflow += 1;                                                                         \
			return;                                                                                       \
		}                                                                                                     \
		struct samples *samples = SAMPLING_BY == 1 ? bpf_map_lookup_elem(&XDP_SIDE, &place) : 0;              \
		if (is##v(slot, key)) {                                                                               \
			touch(&slot->counts, weight, length, now);                                                    \
			sample(stats, samples, weight, length, 0, 0);                                                 \
			return;                                                                                       \
		}                                                                                                     \
		int free = slot->rest == 0;                                                                           \
		if (free) {                                                                                           \
			stats->ipv##v##_slots += 1;                                                                   \
		} else {                                                                                              \
			evict(stats, &slot->counts);                                                                          \
			slot->rest = 0;                                                                               \
			asm volatile("" ::: "memory");                                                                \
		}                                                                                                     \
		sample(stats, samples, weight, length, 1, !free);                                                     \
		begin(&slot->counts, weight, length, now);                                                            \
		name##v(slot, key);                                                                                   \
	}
DEFINE_COUNT(4, XDP_CONN_STATS, XDP_SAMPLES)
DEFINE_COUNT(6, XDP_CONN6_STATS, XDP_SAMPLES6)

static ALWAYS_INLINE void count4(struct stats *stats, __u64 addresses, __u64 rest, __u32 length)
{
	struct key4 key = { addresses, rest };
	count_in4(stats, &key, addresses * KEY0 + rest * KEY1, length);
}

static ALWAYS_INLINE void count6(struct stats *stats, const __u64 *address, __u64 rest, __u32 length)
{
	__u64 a = address[0], b = address[1], c = address[2], d = address[3];
	struct key6 key = { { a, b, c, d }, rest };
	count_in6(stats, &key, a * KEY0 + b * KEY2 + c * KEY3 + d * KEY4 + rest * KEY1, length);
}

#ifndef STEERING
SEC("xdp")
int xdp_packet_monitor(struct xdp_md *context)
{
	__u32 length;
	return ENDING(frame(context, &length));
}
#endif

char LICENSE[] SEC("license") = "Dual MIT/GPL";
