// The monitor as textbooks and tutorials write it: connections are records in a map of the kernel that hashes, by their addresses, ports and protocol, with
// the kernel's clock in nanoseconds. What is read of a frame is the same as in the monitor. MAP_TYPE is BPF_MAP_TYPE_HASH, which takes no more connections
// when it is full, or an LRU, which forgets old ones.
#include "frame.h"

static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static __u64 (*const bpf_ktime_get_ns)(void) = (void *)5;

#ifndef MAP_TYPE
#define MAP_TYPE BPF_MAP_TYPE_HASH
#endif
#ifndef CONNECTIONS
#define CONNECTIONS 10240
#endif

struct key4 {
	__u64 addresses, rest;
};
struct key6 {
	__u64 address[4], rest;
};
struct record {
	__u64 packets, bytes, last_seen_ns;
};

struct {
	__uint(type, MAP_TYPE);
	__uint(max_entries, CONNECTIONS);
	__type(key, struct key4);
	__type(value, struct record);
} CONNECTIONS4 SEC(".maps");
struct {
	__uint(type, MAP_TYPE);
	__uint(max_entries, CONNECTIONS);
	__type(key, struct key6);
	__type(value, struct record);
} CONNECTIONS6 SEC(".maps");

static ALWAYS_INLINE void touch(struct record *record, __u32 length, __u64 now)
{
	if (MAP_TYPE == BPF_MAP_TYPE_LRU_PERCPU_HASH) {
		record->packets += 1;
		record->bytes += length;
	} else {
		// All CPUs share the record.
		__sync_fetch_and_add(&record->packets, 1);
		__sync_fetch_and_add(&record->bytes, length);
	}
	record->last_seen_ns = now;
}

static ALWAYS_INLINE void count_in(struct stats *stats, void *map, const void *key, __u32 length)
{
	__u64 now = bpf_ktime_get_ns();
	struct record *record = bpf_map_lookup_elem(map, key);
	if (!record) {
		struct record first = { 1, length, now };
		if (bpf_map_update_elem(map, key, &first, BPF_NOEXIST) == 0)
			return;
		// Another CPU was quicker, or the map is full.
		record = bpf_map_lookup_elem(map, key);
		if (!record) {
			stats->overflow += 1;
			return;
		}
	}
	touch(record, length, now);
}

static ALWAYS_INLINE void count4(struct stats *stats, __u64 addresses, __u64 rest, __u32 length)
{
	struct key4 key = { addresses, rest };
	count_in(stats, &CONNECTIONS4, &key, length);
}

static ALWAYS_INLINE void count6(struct stats *stats, const __u64 *address, __u64 rest, __u32 length)
{
	struct key6 key = { { address[0], address[1], address[2], address[3] }, rest };
	count_in(stats, &CONNECTIONS6, &key, length);
}

SEC("xdp")
int xdp_packet_monitor(struct xdp_md *context)
{
	__u32 length;
	return ENDING(frame(context, &length));
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
