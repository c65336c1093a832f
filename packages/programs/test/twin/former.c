// The monitor with the flow tables that it had before: the slots that follow from a connection's hash are tried one by one, up to 32. It is here to be
// compared with.
#ifndef SLOTS
#define SLOTS 13654
#endif

#include "flows.h"

#define PROBES 32

// Takes a free or idle slot for a new connection; false when the table may not grow.
static ALWAYS_INLINE int take(struct stats *stats, struct counts *counts, int free, __u64 *taken)
{
	if (free) {
		if (*taken >= CONNECTIONS)
			return 0;
		*taken += 1;
	} else {
		evict(stats, counts);
	}
	return 1;
}

static ALWAYS_INLINE void count4(struct stats *stats, __u64 addresses, __u64 rest, __u32 length)
{
	__u64 product = addresses * KEY0 + rest * KEY1;
	__u64 weight = weigh(stats, product);
	if (!weight)
		return;
	__u32 cpu = bpf_get_smp_processor_id();
	if (cpu >= SECTIONS) {
		stats->overflow += 1;
		return;
	}
	__u64 now = bpf_jiffies64() * TICK_NS + CLOCK_BASE;
	__u32 base = cpu * SLOTS;
	__u32 hash = product >> 32;
#pragma clang loop unroll(disable)
	for (int probe = 0; probe < PROBES; probe++) {
		__u32 index = base + (__u32)(((__u64)hash * SLOTS) >> 32);
		struct conn4 *slot = bpf_map_lookup_elem(&XDP_CONN_STATS, &index);
		if (!slot)
			break;
		if (slot->addresses == addresses && slot->rest == rest) {
			touch(&slot->counts, weight, length, now);
			if (SAMPLING_BY == 1)
				sample(stats, bpf_map_lookup_elem(&XDP_SAMPLES, &index), weight, length, 0, 0);
			return;
		}
		int free = slot->rest == 0;
		if (free || (IDLE_NS != 0 && now - slot->counts.last_seen_ns > IDLE_NS)) {
			if (!take(stats, &slot->counts, free, &stats->ipv4_slots))
				break;
			if (SAMPLING_BY == 1)
				sample(stats, bpf_map_lookup_elem(&XDP_SAMPLES, &index), weight, length, 1, !free);
			begin(&slot->counts, weight, length, now);
			slot->addresses = addresses;
			slot->rest = rest;
			return;
		}
		hash = hash * 0x9e3779b1u + 1;
	}
	stats->overflow += 1;
}

static ALWAYS_INLINE void count6(struct stats *stats, const __u64 *address, __u64 rest, __u32 length)
{
	__u64 a = address[0], b = address[1], c = address[2], d = address[3];
	__u64 product = a * KEY0 + b * KEY2 + c * KEY3 + d * KEY4 + rest * KEY1;
	__u64 weight = weigh(stats, product);
	if (!weight)
		return;
	__u32 cpu = bpf_get_smp_processor_id();
	if (cpu >= SECTIONS) {
		stats->overflow += 1;
		return;
	}
	__u64 now = bpf_jiffies64() * TICK_NS + CLOCK_BASE;
	__u32 base = cpu * SLOTS;
	__u32 hash = product >> 32;
#pragma clang loop unroll(disable)
	for (int probe = 0; probe < PROBES; probe++) {
		__u32 index = base + (__u32)(((__u64)hash * SLOTS) >> 32);
		struct conn6 *slot = bpf_map_lookup_elem(&XDP_CONN6_STATS, &index);
		if (!slot)
			break;
		if (slot->address[3] == d && slot->address[1] == b && slot->rest == rest && slot->address[2] == c &&
		    slot->address[0] == a) {
			touch(&slot->counts, weight, length, now);
			if (SAMPLING_BY == 1)
				sample(stats, bpf_map_lookup_elem(&XDP_SAMPLES6, &index), weight, length, 0, 0);
			return;
		}
		int free = slot->rest == 0;
		if (free || (IDLE_NS != 0 && now - slot->counts.last_seen_ns > IDLE_NS)) {
			if (!take(stats, &slot->counts, free, &stats->ipv6_slots))
				break;
			if (SAMPLING_BY == 1)
				sample(stats, bpf_map_lookup_elem(&XDP_SAMPLES6, &index), weight, length, 1, !free);
			begin(&slot->counts, weight, length, now);
			slot->address[0] = a;
			slot->address[1] = b;
			slot->address[2] = c;
			slot->address[3] = d;
			slot->rest = rest;
			return;
		}
		hash = hash * 0x9e3779b1u + 1;
	}
	stats->overflow += 1;
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
