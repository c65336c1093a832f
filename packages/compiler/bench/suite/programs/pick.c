#include "../headers.h"

#define TABLE_SIZE 4096
#define FACTOR 0x9e3779b97f4a7c15ull

struct entry {
	__u32 backend;
};

struct backend {
	__u64 packets, bytes;
	__u32 address, weight;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct entry);
	__uint(max_entries, TABLE_SIZE);
} TABLE SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct backend);
	__uint(max_entries, 64);
} BACKENDS SEC(".maps");

const volatile __u32 seed = 0x5eed;

static ALWAYS_INLINE __u32 mixed(__u64 hash)
{
	__u64 once = (hash ^ hash >> 33) * 0xff51afd7ed558ccdull;
	return (once ^ once >> 29) >> 32;
}

static ALWAYS_INLINE int choose(struct xdp_md *context, __u32 hash)
{
	__u32 place = hash & (TABLE_SIZE - 1);
	struct entry *entry = bpf_map_lookup_elem(&TABLE, &place);
	if (!entry)
		return XDP_DROP;
	struct backend *backend = bpf_map_lookup_elem(&BACKENDS, &entry->backend);
	if (!backend)
		return XDP_DROP;
	backend->packets++;
	backend->bytes += context->data_end - context->data;
	return backend->weight == 0 ? XDP_TX : XDP_PASS;
}

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct ethernet *ethernet = AT(struct ethernet, 0);
	if (!ethernet)
		return XDP_ABORTED;
	if (ethernet->type == htons(0x0800)) {
		struct ipv4 *ip = AT(struct ipv4, 14);
		if (!ip)
			return XDP_ABORTED;
		if (ip->protocol != 6 && ip->protocol != 17)
			return XDP_PASS;
		struct udp *ports = AT(struct udp, 14 + ((ip->version_and_length & 15) << 2));
		if (!ports)
			return XDP_ABORTED;
		__u64 ends = (__u64)ntohl(ip->source) << 32 | ntohl(ip->destination);
		__u64 rest = (__u64)ntohs(ports->source) << 24 | (__u64)ntohs(ports->destination) << 8 | ip->protocol;
		return choose(context, mixed((ends ^ seed) * FACTOR + rest));
	}
	if (ethernet->type == htons(0x86dd)) {
		struct ipv6 *ip = AT(struct ipv6, 14);
		if (!ip)
			return XDP_ABORTED;
		if (ip->next != 6 && ip->next != 17)
			return XDP_PASS;
		struct udp *ports = AT(struct udp, 54);
		if (!ports)
			return XDP_ABORTED;
		__u32 source = mixed(ntohll(ip->source_high) ^ ntohll(ip->source_low) * FACTOR);
		__u64 ends = ((__u64)source << 32 ^ ntohll(ip->destination_high)) + ntohll(ip->destination_low) * FACTOR;
		__u64 rest = (__u64)ntohs(ports->source) << 24 | (__u64)ntohs(ports->destination) << 8 | ip->next;
		return choose(context, mixed((ends ^ seed) * FACTOR + rest));
	}
	return XDP_PASS;
}
