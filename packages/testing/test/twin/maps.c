/* One program for each type of map: it does with the map what the packet says, and writes the answer into the packet. */
#include "prelude.h"

struct value {
	u64 count;
	u64 rest;
};

#define MAP(name, map_type, key_type, entries, made_with)   \
	struct {                                        \
		__uint(type, map_type);                     \
		__type(key, key_type);                  \
		__type(value, struct value);            \
		__uint(max_entries, entries);           \
		__uint(map_flags, made_with);           \
	} name SEC(".maps")

struct prefix {
	u32 length;
	u8 bytes[4];
};

MAP(array, ARRAY, u32, 4, 0);
MAP(percpu_array, PERCPU_ARRAY, u32, 4, 0);
MAP(hash, HASH, u64, 4, 0);
MAP(loose_hash, HASH, u64, 4, NO_PREALLOC);
MAP(percpu_hash, PERCPU_HASH, u64, 4, 0);
MAP(lru_hash, LRU_HASH, u64, 512, 0);
MAP(lru_percpu_hash, LRU_PERCPU_HASH, u64, 512, 0);
MAP(lpm_trie, LPM_TRIE, struct prefix, 8, NO_PREALLOC);

#define KEYED(name, map)                                                      \
	SEC("xdp") int on_##name(struct xdp_md *ctx)                          \
	{                                                                     \
		struct request *request = request_of(ctx);                    \
		u64 key, value[2];                                            \
		if (request == NULL) return XDP_DROP;                         \
		__builtin_memcpy(&key, request->key, 8);                      \
		__builtin_memcpy(value, request->value, 16);                  \
		switch (request->kind) {                                      \
		case 0: {                                                     \
			struct value *found = map_lookup(&map, &key);         \
			request->result = found != NULL;                      \
			if (found == NULL) break;                             \
			__builtin_memcpy(request->answer, found, 16);         \
			found->count += 1;                                    \
			break;                                                \
		}                                                             \
		case 1:                                                       \
			request->result = map_update(&map, &key, value, request->flags); \
			break;                                                \
		case 2:                                                       \
			request->result = map_delete(&map, &key);             \
			break;                                                \
		case 3: {                                                     \
			/* A value that is replaced while it is looked at. */ \
			struct value *found = map_lookup(&map, &key);         \
			if (found == NULL) break;                             \
			request->result = map_update(&map, &key, value, 0);   \
			__builtin_memcpy(request->answer, found, 16);         \
			break;                                                \
		}                                                             \
		}                                                             \
		return XDP_PASS;                                              \
	}

KEYED(array, array)
KEYED(percpu_array, percpu_array)
KEYED(hash, hash)
KEYED(loose_hash, loose_hash)
KEYED(percpu_hash, percpu_hash)
KEYED(lru_hash, lru_hash)
KEYED(lru_percpu_hash, lru_percpu_hash)
KEYED(lpm_trie, lpm_trie)

/* The value of the CPU with a number: none but the first two are written, and the programs run on the first. */
SEC("xdp") int on_cpu(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	u64 key;
	if (request == NULL) return XDP_DROP;
	__builtin_memcpy(&key, request->key, 8);
	struct value *found = request->kind == 0 ? map_lookup_percpu(&percpu_array, &key, request->number)
						 : map_lookup_percpu(&percpu_hash, &key, request->number);
	request->result = found != NULL;
	if (found == NULL) return XDP_PASS;
	__builtin_memcpy(request->answer, found, 16);
	found->count += 1;
	return XDP_PASS;
}

#define KEYLESS(name, map_type)                                                   \
	struct {                                                              \
		__uint(type, map_type);                                           \
		__type(value, struct value);                                  \
		__uint(max_entries, 4);                                       \
	} name SEC(".maps");                                                  \
	SEC("xdp") int on_##name(struct xdp_md *ctx)                          \
	{                                                                     \
		struct request *request = request_of(ctx);                    \
		u64 value[2];                                                 \
		if (request == NULL) return XDP_DROP;                         \
		__builtin_memcpy(value, request->value, 16);                  \
		switch (request->kind) {                                      \
		case 0:                                                       \
			request->result = map_push(&name, value, request->flags); \
			break;                                                \
		case 1:                                                       \
			request->result = map_peek(&name, value);             \
			break;                                                \
		case 2:                                                       \
			request->result = POP(name, value);                   \
			break;                                                \
		}                                                             \
		__builtin_memcpy(request->answer, value, 16);                 \
		return XDP_PASS;                                              \
	}

#define POP(map, value) map_pop(&map, value)
KEYLESS(queue, QUEUE)
KEYLESS(stack, STACK)
#undef POP
#define POP(map, value) map_peek(&map, value)
KEYLESS(bloom_filter, BLOOM_FILTER)

/* Maps of maps: the outer one is looked up by the number, the inner one by the key. */
struct inner {
	__uint(type, ARRAY);
	__type(key, u32);
	__type(value, struct value);
	__uint(max_entries, 2);
} first_inner SEC(".maps"), second_inner SEC(".maps");

#define OUTER(name, map_type)                                                     \
	struct {                                                              \
		__uint(type, map_type);                                           \
		__uint(max_entries, 3);                                       \
		__type(key, u32);                                             \
		__array(values, struct inner);                                \
	} name SEC(".maps") = { .values = { [0] = &first_inner, [2] = &second_inner } }; \
	SEC("xdp") int on_##name(struct xdp_md *ctx)                          \
	{                                                                     \
		struct request *request = request_of(ctx);                    \
		u32 outer, key;                                               \
		if (request == NULL) return XDP_DROP;                         \
		outer = request->number;                                      \
		__builtin_memcpy(&key, request->key, 4);                      \
		void *inner = map_lookup(&name, &outer);                      \
		if (inner == NULL) return XDP_DROP;                           \
		struct value *found = map_lookup(inner, &key);                \
		if (found == NULL) return XDP_ABORTED;                        \
		found->count += request->flags;                               \
		request->result = found->count;                               \
		return XDP_PASS;                                              \
	}

OUTER(array_of_maps, ARRAY_OF_MAPS)
OUTER(hash_of_maps, HASH_OF_MAPS)

#define TARGETS(name, map_type)                                                   \
	struct {                                                              \
		__uint(type, map_type);                                           \
		__type(key, u32);                                             \
		__type(value, u64);                                           \
		__uint(max_entries, 4);                                       \
	} name SEC(".maps");                                                  \
	SEC("xdp") int on_##name(struct xdp_md *ctx)                          \
	{                                                                     \
		struct request *request = request_of(ctx);                    \
		return request == NULL ? XDP_DROP : redirect_map(&name, request->number, request->flags); \
	}

TARGETS(devmap, DEVMAP)
TARGETS(devmap_hash, DEVMAP_HASH)
TARGETS(cpumap, CPUMAP)

struct {
	__uint(type, RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

inline void reserve(struct request *request, u64 size)
{
	u64 *record = ringbuf_reserve(&ring, size, request->flags & 4);
	request->result = record != NULL;
	if (record == NULL) return;
	__builtin_memcpy(record, request->value, 8);
	if (request->number & 1) ringbuf_discard(record, 0);
	else ringbuf_submit(record, 0);
}

SEC("xdp") int on_ring(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	u64 value[2];
	if (request == NULL) return XDP_DROP;
	__builtin_memcpy(value, request->value, 16);
	switch (request->kind) {
	case 0:
		reserve(request, 8);
		break;
	case 1:
		reserve(request, 1001);
		break;
	case 2:
		request->result = ringbuf_output(&ring, value, 13, request->flags);
		break;
	case 3:
		request->result = ringbuf_query(&ring, request->flags);
		break;
	}
	return XDP_PASS;
}

struct {
	__uint(type, PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

SEC("xdp") int on_events(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	u64 value[2];
	if (request == NULL) return XDP_DROP;
	__builtin_memcpy(value, request->value, 16);
	u64 length = request->number & 0x3f;
	/* On the CPU that runs; with as many bytes of the packet. */
	request->result = perf_event_output(ctx, &events, 0xffffffffULL | length << 32, value, 16);
	return XDP_PASS;
}
