// What both tables of connections have, the monitor's and the one that it had before: the maps, sampling, and counting in a slot. SLOTS are those of a
// section.
#ifndef CONNECTIONS
#define CONNECTIONS 10240
#endif
#ifndef SECTIONS
#define SECTIONS 2
#endif
// Odd numbers, random in the product: multiply-shift hashing (Dietzfelbinger et al. 1997) that nobody outside can predict.
#define KEY0 0x9e3779b97f4a7c15ull
#define KEY1 0xc2b2ae3d27d4eb4full
#define KEY2 0x165667b19e3779f9ull
#define KEY3 0xd6e8feb86659fd93ull
#define KEY4 0xa0761d6478bd642full

#include "frame.h"

static __u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static __u64 (*const bpf_jiffies64)(void) = (void *)118;

#ifndef TICK_NS
#define TICK_NS 1000000ull
#endif
#ifndef CLOCK_BASE
#define CLOCK_BASE 0
#endif
#ifndef IDLE_NS
#define IDLE_NS 60000000000ull
#endif
// 0: every packet, 1: packets by chance, 2: whole flows by their hash, 3: none, so that only totals are counted.
#ifndef SAMPLING_BY
#define SAMPLING_BY 0
#endif
#ifndef FLOW_LIMIT
#define FLOW_LIMIT 0
#endif

struct counts {
	__u64 packet_count, byte_count, last_seen_ns, drop_count;
};
struct conn4 {
	struct counts counts;
	__u64 addresses, rest;
};
struct conn6 {
	struct counts counts;
	__u64 address[4], rest;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SLOTS * SECTIONS);
	__type(key, __u32);
	__type(value, struct conn4);
} XDP_CONN_STATS SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SLOTS * SECTIONS);
	__type(key, __u32);
	__type(value, struct conn6);
} XDP_CONN6_STATS SEC(".maps");

struct samples {
	__u64 sampled, packet_variance, byte_variance_low, byte_variance_high;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} SAMPLING SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, SLOTS * SECTIONS);
	__type(key, __u32);
	__type(value, struct samples);
} XDP_SAMPLES SEC(".maps"), XDP_SAMPLES6 SEC(".maps");

// What a packet counts for: 0 when it was not sampled.
static ALWAYS_INLINE __u64 weigh(struct stats *stats, __u64 flow)
{
	if (SAMPLING_BY == 0)
		return 1;
	if (SAMPLING_BY == 3)
		return 0;
	__u32 zero = 0;
	__u64 *rate = bpf_map_lookup_elem(&SAMPLING, &zero);
	if (!rate)
		return 0;
	__u64 weight = *rate, drawn = flow;
	if (SAMPLING_BY == 1)
		drawn = stats->sampler_state += 0x9e3779b97f4a7c15ull;
	drawn = (drawn ^ drawn >> 30) * 0xbf58476d1ce4e5b9ull;
	drawn = (drawn ^ drawn >> 27) * 0x94d049bb133111ebull;
	if (SAMPLING_BY == 1 ? (drawn >> 17) * weight >> 47 == 0 : drawn <= FLOW_LIMIT)
		return SAMPLING_BY == 1 ? weight : 1;
	stats->sampled_out += 1;
	return 0;
}

// The samples beside a slot, for a packet that begins a connection there or is one more of it.
static ALWAYS_INLINE void sample(struct stats *stats, struct samples *samples, __u64 weight, __u64 length, int begins,
				 int evicts)
{
	if (!samples)
		return;
	if (evicts) {
		stats->evicted_sampled += samples->sampled;
		stats->evicted_packet_variance += samples->packet_variance;
		stats->evicted_byte_variance_high += samples->byte_variance_high;
		stats->evicted_byte_variance_low += samples->byte_variance_low;
		stats->evicted_byte_variance_high += stats->evicted_byte_variance_low < samples->byte_variance_low;
	}
	if (begins)
		*samples = (struct samples){};
	__u64 pairs = weight * (weight - 1);
	__u64 measured = length < 0xffff ? length : 0xffff;
	samples->sampled += 1;
	samples->packet_variance += pairs;
	samples->byte_variance_low += measured * measured * pairs;
	samples->byte_variance_high += samples->byte_variance_low < measured * measured * pairs;
}

static ALWAYS_INLINE void touch(struct counts *counts, __u64 weight, __u32 length, __u64 now)
{
	counts->packet_count += weight;
	counts->byte_count += weight * length;
	counts->last_seen_ns = now;
}

// Keeps what an idle connection counted, before its slot goes to another.
static ALWAYS_INLINE void evict(struct stats *stats, struct counts *counts)
{
	stats->evicted_flows += 1;
	stats->evicted_packets += counts->packet_count;
	stats->evicted_bytes += counts->byte_count;
	stats->evicted_drops += counts->drop_count;
}

static ALWAYS_INLINE void begin(struct counts *counts, __u64 weight, __u32 length, __u64 now)
{
	counts->packet_count = weight;
	counts->byte_count = weight * length;
	counts->last_seen_ns = now;
	counts->drop_count = 0;
}
