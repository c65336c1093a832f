// What is read of a frame before its connection is counted, in C, and the totals that are kept of all: the twin of frame.bpf.ts and of what that
// imports. Whoever includes it counts connections, in `count4` and `count6`, and says what else is different by the constants below.
#include <linux/bpf.h>
#include <linux/types.h>

#define SEC(name) __attribute__((section(name), used))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define __uint(name, value) int(*name)[value]
#define __type(name, type) typeof(type) *name

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static __u64 (*const bpf_xdp_get_buff_len)(void *ctx) = (void *)188;

#ifndef MULTI_BUFFER
#define MULTI_BUFFER 0
#endif

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
	struct count dropped_by_rule, dropped_by_limit, dropped_by_default;
	__u64 unattributed_drops, overflow_drops, sampled_out_drops;
	__u64 ipv4_slots, ipv6_slots, evicted_flows, evicted_packets, evicted_bytes, evicted_drops;
	__u64 evicted_sampled, evicted_packet_variance, evicted_byte_variance_low, evicted_byte_variance_high;
	__u64 sampler_state;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct stats);
} STATS SEC(".maps");

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

// A packet of a connection; `rest` holds ports, protocol and kind.
static ALWAYS_INLINE void count4(struct stats *stats, __u64 addresses, __u64 rest, __u32 length);
static ALWAYS_INLINE void count6(struct stats *stats, const __u64 *address, __u64 rest, __u32 length);

// A value that the verifier knows nothing about, so that the ways through a loop are one to it.
#define opaque(value, noise)                      \
	({                                        \
		__u32 noise_ = (noise);           \
		__u32 hidden_ = (value) ^ noise_; \
		asm volatile("" : "+r"(hidden_)); \
		hidden_ ^ noise_;                 \
	})

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

// What a program ends with: for measurements something else than the verdict.
#ifdef VERDICT
#define ENDING(verdict) ((verdict), VERDICT)
#else
#define ENDING(verdict) (verdict)
#endif

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
