// The monitor a second time, in C: the oracle and the yardstick of monitor.bpf.ts. Same maps, same algorithm; the
// configuration is in .rodata, which the tests' loader patches through the constants below (-D on the command line).
#include <linux/bpf.h>
#include <linux/types.h>

#define SEC(name) __attribute__((section(name), used))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define __uint(name, value) int(*name)[value]
#define __type(name, type) typeof(type) *name

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static __u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static __u64 (*const bpf_jiffies64)(void) = (void *)118;
static __u64 (*const bpf_xdp_get_buff_len)(void *ctx) = (void *)188;

#ifndef SLOTS
#define SLOTS 13654
#endif
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
#ifndef TICK_NS
#define TICK_NS 1000000ull
#endif
#ifndef CLOCK_BASE
#define CLOCK_BASE 0
#endif
#ifndef IDLE_NS
#define IDLE_NS 60000000000ull
#endif
#ifndef MULTI_BUFFER
#define MULTI_BUFFER 0
#endif
// 0: every packet, 1: packets by chance, 2: whole flows by their hash, 3: none, so that only totals are counted.
#ifndef SAMPLING_BY
#define SAMPLING_BY 0
#endif
#ifndef FLOW_LIMIT
#define FLOW_LIMIT 0
#endif

#define PROBES 32
#define MAX_TAGS 8
#define MAX_HEADERS 32
#define MAX_OFFSET 4000

#define swap16 __builtin_bswap16

enum kind { KIND_FREE, KIND_L4, KIND_FRAGMENT, KIND_NO_PORT };

struct count {
	__u64 frames, bytes;
};

struct stats {
	__u64 frames, bytes;
	struct count arp, other_ethertype, llc_8023;
	__u64 vlan_single, vlan_double, vlan_more;
	struct count ipv4, ipv6, tcp, udp, icmp, icmpv6, other_proto, proto_unknown;
	__u64 ipv4_frag_first, ipv4_frag_later, ipv6_frag_first, ipv6_frag_later;
	__u64 tcp_truncated, udp_truncated, malformed, unattributed, overflow, sampled_out;
	__u64 ipv4_slots, ipv6_slots, evicted_flows, evicted_packets, evicted_bytes, evicted_drops;
	__u64 evicted_sampled, evicted_packet_variance, evicted_byte_variance_low, evicted_byte_variance_high;
	__u64 sampler_state;
};

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
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stats);
} STATS SEC(".maps");
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

struct packet {
	void *data, *end;
	__u32 length;
	int verdict;
};

// The record at `offset` when all `size` bytes of it are in the packet.
#define at(packet, offset, size) \
	({ void *start_ = (packet)->data + (offset); start_ + (size) > (packet)->end ? 0 : start_; })

#ifdef STEERING
#include "steering.h"
#else
#define steer4(packet, addresses, rest, fragmented)
#define steer6(packet, address, rest, fragmented)
#endif

static ALWAYS_INLINE void count(struct count *count, __u32 length)
{
	count->frames += 1;
	count->bytes += length;
}

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

// A value that the verifier knows nothing about, so that the ways through a loop are one to it.
#define opaque(value, noise)                      \
	({                                        \
		__u32 noise_ = (noise);           \
		__u32 hidden_ = (value) ^ noise_; \
		asm volatile("" : "+r"(hidden_)); \
		hidden_ ^ noise_;                 \
	})

// Takes a free or idle slot for a new connection; false when the table may not grow.
static ALWAYS_INLINE int take(struct stats *stats, struct counts *counts, int free, __u64 *taken)
{
	if (free) {
		if (*taken >= CONNECTIONS)
			return 0;
		*taken += 1;
	} else {
		stats->evicted_flows += 1;
		stats->evicted_packets += counts->packet_count;
		stats->evicted_bytes += counts->byte_count;
		stats->evicted_drops += counts->drop_count;
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
			slot->counts.packet_count = weight;
			slot->counts.byte_count = weight * length;
			slot->counts.last_seen_ns = now;
			slot->counts.drop_count = 0;
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
			slot->counts.packet_count = weight;
			slot->counts.byte_count = weight * length;
			slot->counts.last_seen_ns = now;
			slot->counts.drop_count = 0;
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

struct fragment {
	__u8 next, reserved;
	__be16 offset;
	__u32 identification;
};

// TCP, UDP and what has no ports: counts the protocol and gives the second key word, or 0 when there is no connection.
// `room` is what the IP header says is left for the payload.
static ALWAYS_INLINE __u64 transport(struct packet *packet, struct stats *stats, __u8 protocol, __u32 offset,
				       __u32 room, __u8 icmp)
{
	if (protocol == 6) {
		count(&stats->tcp, packet->length);
		__u32 *ports = at(packet, offset, 20);
		if (!ports || room < 20) {
			stats->tcp_truncated += 1;
			goto truncated;
		}
		return *ports | (__u64)6 << 32 | (__u64)KIND_L4 << 40;
	}
	if (protocol == 17) {
		count(&stats->udp, packet->length);
		__u32 *ports = at(packet, offset, 8);
		if (!ports || room < 8) {
			stats->udp_truncated += 1;
			goto truncated;
		}
		return *ports | (__u64)17 << 32 | (__u64)KIND_L4 << 40;
	}
	if (protocol == icmp) {
		if (icmp == 1)
			count(&stats->icmp, packet->length);
		else
			count(&stats->icmpv6, packet->length);
		__u32 *header = at(packet, offset, 8);
		if (!header || room < 8)
			stats->malformed += 1;
	} else {
		count(&stats->other_proto, packet->length);
	}
	return (__u64)protocol << 32 | (__u64)KIND_NO_PORT << 40;
truncated:
	stats->malformed += 1;
	stats->unattributed += 1;
	return 0;
}

static ALWAYS_INLINE __u64 later_fragment(struct packet *packet, struct stats *stats, __u8 protocol, __u8 icmp)
{
	if (protocol == 6)
		count(&stats->tcp, packet->length);
	else if (protocol == 17)
		count(&stats->udp, packet->length);
	else if (protocol == icmp && icmp == 1)
		count(&stats->icmp, packet->length);
	else if (protocol == icmp)
		count(&stats->icmpv6, packet->length);
	else
		count(&stats->other_proto, packet->length);
	return (__u64)protocol << 32 | (__u64)KIND_FRAGMENT << 40;
}

struct ipv4 {
	__u8 version_length, tos;
	__be16 total;
	__be16 id, fragment;
	__u8 ttl, protocol;
	__be16 checksum;
	__be32 source, destination;
};

static ALWAYS_INLINE int ipv4(struct packet *packet, struct stats *stats, __u32 offset)
{
	struct ipv4 *ip = at(packet, offset, 20);
	if (!ip || ip->version_length >> 4 != 4)
		return 0;
	__u32 header = (ip->version_length & 15) * 4;
	__u32 total = swap16(ip->total);
	if (header < 20 || offset + header > packet->length || (total != 0 && total < header))
		return 0;
	count(&stats->ipv4, packet->length);
	__u16 fragment = swap16(ip->fragment);
	__u64 rest;
	if (fragment & 0x1fff) {
		stats->ipv4_frag_later += 1;
		rest = later_fragment(packet, stats, ip->protocol, 1);
	} else {
		if (fragment & 0x2000)
			stats->ipv4_frag_first += 1;
		rest = transport(packet, stats, ip->protocol, offset + header, total - header, 1);
	}
	if (rest) {
		count4(stats, *(__u64 *)&ip->source, rest, packet->length);
		steer4(packet, *(__u64 *)&ip->source, rest, fragment & 0x3fff);
	}
	return 1;
}

struct ipv6 {
	__be32 flow;
	__be16 payload;
	__u8 next, hops;
	__u64 address[4];
};

static ALWAYS_INLINE int is_extension(__u8 header)
{
	return header == 0 || header == 43 || header == 44 || header == 51 || header == 60 || header == 135 ||
	       header == 139 || header == 140;
}

static ALWAYS_INLINE int ipv6(struct packet *packet, struct stats *stats, __u32 offset)
{
	struct ipv6 *ip = at(packet, offset, 40);
	if (!ip || (*(__u8 *)ip) >> 4 != 6)
		return 0;
	count(&stats->ipv6, packet->length);
	__u8 next = ip->next;
	__u32 payload = swap16(ip->payload);
	offset += 40;
	__u32 end = payload ? offset + payload : 0x1ffff;
	__u64 rest;
	if (is_extension(next)) {
		offset = opaque(offset, ip->flow) & 0xfff;
		end = opaque(end, ip->flow) & 0x1ffff;
	}
	__u32 first = 0, fragmented = 0;
#pragma clang loop unroll(disable)
	for (int headers = 0; is_extension(next); headers++) {
		struct fragment *extension = at(packet, offset, 8);
		if (!extension || headers >= MAX_HEADERS)
			goto unknown;
		__u32 size = 8;
		if (next != 44)
			size = next == 51 ? (extension->reserved + 2) * 4 : (extension->reserved + 1) * 8;
		__u32 after = offset + size;
		if (after > end || after > packet->length || after > MAX_OFFSET)
			goto unknown;
		offset = opaque(after, extension->identification) & 0xfff;
		__u8 type = next;
		next = extension->next;
		if (type != 44)
			continue;
		__u16 field = swap16(extension->offset);
		if (field & 0xfff8) {
			stats->ipv6_frag_first += first;
			stats->ipv6_frag_later += 1;
			rest = later_fragment(packet, stats, next, 58);
			goto count;
		}
		first |= field & 1;
	}
	stats->ipv6_frag_first += first;
	fragmented = first;
	rest = transport(packet, stats, next, offset, end - offset, 58);
count:
	if (rest) {
		count6(stats, ip->address, rest, packet->length);
		steer6(packet, ip->address, rest, fragmented);
	}
	return 1;
unknown:
	stats->ipv6_frag_first += first;
	count(&stats->proto_unknown, packet->length);
	stats->malformed += 1;
	stats->unattributed += 1;
	return 1;
}

// Counts a frame and gives its verdict.
static ALWAYS_INLINE int frame(struct xdp_md *context, __u32 *length)
{
	struct packet packet = { (void *)(long)context->data, (void *)(long)context->data_end, 0, XDP_PASS };
	__u32 zero = 0;
	struct stats *stats = bpf_map_lookup_elem(&STATS, &zero);
	if (!stats)
		return XDP_PASS;
	packet.length = MULTI_BUFFER ? bpf_xdp_get_buff_len(context) : packet.end - packet.data;
	*length = packet.length;
	stats->frames += 1;
	stats->bytes += packet.length;
	__be16 *type = at(&packet, 12, 2);
	if (!type)
		goto malformed;
	__u16 ethertype = swap16(*type);
	__u32 offset = 14;
	int tags = 0;
#pragma clang loop unroll(disable)
	while ((ethertype == 0x8100 || ethertype == 0x88a8) && tags < MAX_TAGS) {
		__be16 *tag = at(&packet, offset, 4);
		if (!tag)
			goto malformed;
		ethertype = swap16(tag[1]);
		offset = opaque(offset + 4, *(__u32 *)tag) & 0x3f;
		tags += 1;
	}
	if (tags) {
		if (tags == 1)
			stats->vlan_single += 1;
		else if (tags == 2)
			stats->vlan_double += 1;
		else
			stats->vlan_more += 1;
	}
	if (ethertype == 0x0800) {
		if (ipv4(&packet, stats, offset))
			return packet.verdict;
		goto malformed;
	}
	if (ethertype == 0x86dd) {
		if (ipv6(&packet, stats, offset))
			return packet.verdict;
		goto malformed;
	}
	if (ethertype < 0x0600)
		count(&stats->llc_8023, packet.length);
	else if (ethertype == 0x0806)
		count(&stats->arp, packet.length);
	else
		count(&stats->other_ethertype, packet.length);
	stats->unattributed += 1;
	return XDP_PASS;
malformed:
	stats->malformed += 1;
	stats->unattributed += 1;
	return XDP_PASS;
}

#ifndef STEERING
SEC("xdp")
int xdp_packet_monitor(struct xdp_md *context)
{
	__u32 length;
	return frame(context, &length);
}
#endif

char LICENSE[] SEC("license") = "Dual MIT/GPL";
