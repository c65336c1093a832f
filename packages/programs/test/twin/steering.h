// The steering stage, as in steering.bpf.ts; included by monitor.c where STEERING is defined.
static long (*const bpf_redirect_map)(void *map, __u64 key, __u64 flags) = (void *)51;

#ifndef TARGET_COUNT
#define TARGET_COUNT 2
#endif

struct steered {
	__u64 packets, bytes, absent;
};
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TARGET_COUNT + 1);
	__type(key, __u32);
	__type(value, struct steered);
} TARGETS SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} CPUS SEC(".maps");
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TARGET_COUNT);
	__type(key, __u32);
	__type(value, __u32);
} CPU_NUMBERS SEC(".maps");

static ALWAYS_INLINE void to_target(struct packet *packet, __u64 one, __u64 other, __u64 factor, __u64 other_factor)
{
	__u64 difference = one - other, negative = (__s64)difference >> 63;
	__u64 smaller = other + (difference & negative), larger = one - (difference & negative);
	__u64 sum = smaller * factor + larger * other_factor;
	__u32 hash = (sum ^ (sum >> 32)) * KEY2 >> 32;
	__u32 index = ((__u64)hash * TARGET_COUNT) >> 32, element = index + 1;
	struct steered *target = bpf_map_lookup_elem(&TARGETS, &element);
	__u32 *cpu = bpf_map_lookup_elem(&CPU_NUMBERS, &index);
	if (!target || !cpu)
		return;
	packet->verdict = bpf_redirect_map(&CPUS, *cpu, XDP_PASS);
	if (packet->verdict == XDP_PASS) {
		target->absent += 1;
	} else {
		target->packets += 1;
		target->bytes += packet->length;
	}
}

static ALWAYS_INLINE void steer4(struct packet *packet, __u64 addresses, __u64 rest, int fragmented)
{
	__u64 ports = fragmented ? 0 : (__u32)rest;
	to_target(packet, (addresses & 0xffffffff) << 16 | (ports & 0xffff), addresses >> 32 << 16 | ports >> 16, KEY0, KEY1);
}

static ALWAYS_INLINE void steer6(struct packet *packet, const __u64 *address, __u64 rest, int fragmented)
{
	__u64 ports = fragmented ? 0 : (__u32)rest;
	__u64 source = address[0] * KEY0 + address[1] * KEY2 + (ports & 0xffff) * KEY1;
	__u64 destination = address[2] * KEY0 + address[3] * KEY2 + (ports >> 16) * KEY1;
	to_target(packet, source >> 16, destination >> 16, KEY3, KEY4);
}
