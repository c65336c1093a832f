// The capture a second time, in C: the oracle and the yardstick of capture.bpf.ts. Same maps, same algorithm; what its
// config()s are is set with -D. With RING_BUFFER the same block goes into the kernel's own ring buffer instead.
#include <linux/bpf.h>
#include <linux/types.h>

#define SEC(name) __attribute__((section(name), used))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define __uint(name, value) int(*name)[value]
#define __type(name, type) typeof(type) *name

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static __u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static __u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static __u64 (*const bpf_xdp_get_buff_len)(void *ctx) = (void *)188;
static long (*const bpf_xdp_load_bytes)(void *ctx, __u32 offset, void *buffer, __u32 length) = (void *)189;
static void *(*const bpf_ringbuf_reserve)(void *map, __u64 size, __u64 flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, __u64 flags) = (void *)132;

#ifndef CHUNK_MASK
#define CHUNK_MASK 1
#endif
#ifndef SNAP_LENGTH
#define SNAP_LENGTH 96
#endif
#ifndef SNAP_MASK
#define SNAP_MASK 127
#endif
#ifndef VERDICTS
#define VERDICTS 0xff
#endif
#ifndef SAMPLE_BELOW
#define SAMPLE_BELOW 0
#endif
#ifndef LIMIT
#define LIMIT 0
#endif
#ifndef MULTI_BUFFER
#define MULTI_BUFFER 0
#endif
#define LAST_START 0x3fffc
#define CHUNK_BYTES (256 * 1024 + 17 * 4096)
#define RING_BYTES (4 * 1024 * 1024)
#define NO_WAKEUP 1

struct ring {
	__u64 seen, other_verdict, sampled_out, past_count, written, lost_full, lost_no_ring, lost_uncopied;
	__u64 chunk, random, reserved[6];
	__u64 freed, clock_offset, reserved_too[6];
};

struct chunk {
	__u32 end, reserved;
	__u8 blocks[CHUNK_BYTES - 8];
};

struct block {
	__u32 type, length, interface_id, time_high, time_low, captured_length, original_length;
};

struct block_end {
	__u32 queue_option, queue, verdict_option, verdict[3], end_of_options, length_again;
};

#define OVERHEAD (sizeof(struct block) + sizeof(struct block_end))

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct ring);
} CAPTURE_RINGS SEC(".maps");

#ifdef RING_BUFFER
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
} RING SEC(".maps");
#else
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct chunk);
} CAPTURE_CHUNKS SEC(".maps");
#endif

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} CAPTURE_TICKETS SEC(".maps");

static ALWAYS_INLINE int is_taken(struct ring *ring)
{
	if (SAMPLE_BELOW == 0)
		return 1;
	ring->random = ring->random * 6364136223846793005ull + 1442695040888963407ull;
	return (__u32)(ring->random >> 32) < SAMPLE_BELOW;
}

static ALWAYS_INLINE int is_within_limit(void)
{
	__u32 zero = 0;
	__u64 *tickets;

	if (LIMIT == 0)
		return 1;
	tickets = bpf_map_lookup_elem(&CAPTURE_TICKETS, &zero);
	return tickets && __sync_fetch_and_add(tickets, 1) < LIMIT;
}

static ALWAYS_INLINE void fill(struct xdp_md *context, struct ring *ring, struct block *block, struct block_end *end,
			       __u32 captured, __u32 length, __u32 padded, __u32 verdict)
{
	__u64 time = bpf_ktime_get_ns() + ring->clock_offset;

	block->type = 6;
	block->length = OVERHEAD + padded;
	block->interface_id = 0;
	block->time_high = time >> 32;
	block->time_low = time;
	block->captured_length = captured;
	block->original_length = length;
	end->queue_option = 4 << 16 | 6;
	end->queue = context->rx_queue_index;
	end->verdict_option = 9 << 16 | 7;
	end->verdict[0] = verdict << 8 | 2;
	end->verdict[1] = 0;
	end->verdict[2] = 0;
	end->end_of_options = 0;
	end->length_again = OVERHEAD + padded;
}

#ifndef RING_BUFFER
static ALWAYS_INLINE struct chunk *next_chunk(struct ring *ring, __u32 section)
{
	__u64 number = ring->chunk;
	__u32 index = section + ((__u32)(number + 1) & CHUNK_MASK);
	struct chunk *chunk;

	if (number - ring->freed >= CHUNK_MASK)
		return 0;
	chunk = bpf_map_lookup_elem(&CAPTURE_CHUNKS, &index);
	if (!chunk)
		return 0;
	chunk->end = 0;
	if (__sync_fetch_and_add(&ring->chunk, 1) != number)
		return 0;
	return chunk;
}
#endif

static ALWAYS_INLINE void capture(struct xdp_md *context, __u32 verdict)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct ring *ring = bpf_map_lookup_elem(&CAPTURE_RINGS, &cpu);
	__u32 length, captured, padded;

	if (!ring)
		return;
	ring->seen++;
	if (!(VERDICTS >> verdict & 1)) {
		ring->other_verdict++;
		return;
	}
	if (!is_taken(ring)) {
		ring->sampled_out++;
		return;
	}
	length = MULTI_BUFFER ? bpf_xdp_get_buff_len(context) : (__u32)(context->data_end - context->data);
	if (length < 14) {
		ring->lost_uncopied++;
		return;
	}
	captured = length > SNAP_LENGTH ? SNAP_LENGTH : length;
	// clang forgets that this register has the bounds, which the verifier wants to see.
	asm volatile("" : "+r"(captured));
	captured = ((captured - 1) & SNAP_MASK) + 1;
	padded = (captured + 3) & 0x1fffc;
#ifdef RING_BUFFER
	// The size must be a constant: a whole snap length.
	void *record = bpf_ringbuf_reserve(&RING, OVERHEAD + SNAP_LENGTH, 0);

	if (!record) {
		ring->lost_full++;
		return;
	}
	bpf_xdp_load_bytes(context, 0, record + sizeof(struct block), captured);
	if (padded > SNAP_LENGTH)
		padded = SNAP_LENGTH;
	fill(context, ring, record, record + sizeof(struct block) + padded, captured, length, padded, verdict);
	bpf_ringbuf_submit(record, NO_WAKEUP);
#else
	__u32 section = cpu * (CHUNK_MASK + 1);
	__u32 index = section + ((__u32)ring->chunk & CHUNK_MASK);
	struct chunk *chunk = bpf_map_lookup_elem(&CAPTURE_CHUNKS, &index);
	__u32 at;

	if (!chunk) {
		ring->lost_no_ring++;
		return;
	}
	if (chunk->end > LAST_START) {
		chunk = next_chunk(ring, section);
		if (!chunk) {
			ring->lost_full++;
			return;
		}
	}
	at = chunk->end & LAST_START;
	__u8 *blocks = chunk->blocks + at;

	*(__u32 *)(blocks + sizeof(struct block) + padded - 4) = 0;
	if (bpf_xdp_load_bytes(context, 0, blocks + sizeof(struct block), captured)) {
		ring->lost_uncopied++;
		return;
	}
	if (!is_within_limit()) {
		ring->past_count++;
		return;
	}
	fill(context, ring, (void *)blocks, (void *)(blocks + sizeof(struct block) + padded), captured, length, padded, verdict);
	// Not before the block.
	asm volatile("" ::: "memory");
	chunk->end = at + OVERHEAD + padded;
#endif
	ring->written++;
}

SEC("xdp") int xdp_packet_capture(struct xdp_md *context)
{
	capture(context, XDP_PASS);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
