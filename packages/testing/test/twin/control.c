/* Calls, loops, locks, timers, atomic instructions. */
#include "prelude.h"

struct {
	__uint(type, PROG_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
	__uint(max_entries, 4);
} chain SEC(".maps");

/* Calls itself until it may not. */
SEC("xdp") int endless_chain(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	if (request == NULL) return XDP_DROP;
	request->result += 1;
	tail_call(ctx, &chain, request->number);
	return XDP_TX;
}

SEC("xdp") int end_of_chain(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	if (request == NULL) return XDP_DROP;
	request->result += 100;
	return XDP_PASS;
}

struct state {
	u64 sum;
	u32 stop;
};

static int add_index(u32 index, struct state *state)
{
	state->sum += index;
	return index == state->stop;
}

SEC("xdp") int loops(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	struct state state = {};
	if (request == NULL) return XDP_DROP;
	state.stop = request->kind;
	request->result = loop(request->number, add_index, &state, 0);
	request->flags = state.sum;
	return XDP_PASS;
}

struct {
	__uint(type, HASH);
	__type(key, u32);
	__type(value, u64);
	__uint(max_entries, 8);
} numbers SEC(".maps");

struct {
	__uint(type, ARRAY);
	__type(key, u32);
	__type(value, u64);
	__uint(max_entries, 5);
} slots SEC(".maps");

static int add_value(void *map, u32 *key, u64 *value, struct state *state)
{
	state->sum += *key * 1000 + *value;
	*value += 1;
	return 0;
}

static int stop_at(void *map, u32 *key, u64 *value, struct state *state)
{
	state->sum += 1;
	return *key == state->stop;
}

inline void put(u32 key, u32 number)
{
	u64 value = number * key;
	map_update(&numbers, &key, &value, 0);
	map_update(&slots, &key, &value, 0);
}

SEC("xdp") int for_each(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	struct state state = {};
	if (request == NULL) return XDP_DROP;
	/* Each for itself: in a loop the key would be on the stack, where the verifier does not count it. */
	put(0, request->number);
	put(1, request->number);
	put(2, request->number);
	put(3, request->number);
	put(4, request->number);
	request->result = for_each_map_elem(&numbers, add_value, &state, 0);
	request->result += 100 * for_each_map_elem(&slots, add_value, &state, 0);
	request->flags = state.sum;
	struct state other = { .stop = request->kind };
	request->result += 10000 * for_each_map_elem(&slots, stop_at, &other, 0);
	return XDP_PASS;
}

struct locked {
	struct bpf_spin_lock lock;
	u32 changes;
	u64 value;
};

struct {
	__uint(type, ARRAY);
	__type(key, u32);
	__type(value, struct locked);
	__uint(max_entries, 1);
} locked SEC(".maps");

struct {
	__uint(type, HASH);
	__type(key, u32);
	__type(value, struct locked);
	__uint(max_entries, 4);
} locked_hash SEC(".maps");

SEC("xdp") int locks(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	u32 key = 0;
	if (request == NULL) return XDP_DROP;
	struct locked *found = map_lookup(&locked, &key);
	if (found == NULL) return XDP_DROP;
	spin_lock(&found->lock);
	found->changes += 1;
	found->value += request->number;
	spin_unlock(&found->lock);
	struct locked value = { .changes = 7, .value = request->number };
	/* BPF_F_LOCK: in place, under the lock. */
	key = request->kind;
	request->result = map_update(&locked_hash, &key, &value, request->flags);
	return XDP_PASS;
}

struct timed {
	u64 fired;
	struct bpf_timer timer;
	u64 key;
};

struct {
	__uint(type, ARRAY);
	__type(key, u32);
	__type(value, struct timed);
	__uint(max_entries, 2);
} timed SEC(".maps");

static int on_time(void *map, u32 *key, struct timed *timed)
{
	timed->fired += 1;
	timed->key = 10 + *key;
	return 0;
}

SEC("xdp") int timers(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	if (request == NULL) return XDP_DROP;
	u32 key = request->number;
	struct timed *found = map_lookup(&timed, &key);
	if (found == NULL) return XDP_ABORTED;
	switch (request->kind) {
	case 0:
		request->result = timer_init(&found->timer, &timed, 1);
		break;
	case 1:
		request->result = timer_set_callback(&found->timer, on_time);
		break;
	case 2:
		request->result = timer_start(&found->timer, request->flags, 0);
		break;
	case 3:
		request->result = timer_cancel(&found->timer);
		break;
	case 4:
		request->result = timer_start(&found->timer, 1, request->flags);
		break;
	case 5:
		request->result = found->fired;
		request->flags = found->key;
		break;
	}
	return XDP_PASS;
}

u64 counter = 7;
const volatile u32 step = 3;
u32 calls;
u64 words[3];

SEC("xdp") int atomics(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	if (request == NULL) return XDP_DROP;
	u64 *place = &words[0];
	u32 *half = (u32 *)&words[1];
	__sync_fetch_and_add(&calls, 1);
	counter += step;
	switch (request->kind) {
	case 0:
		request->result = __sync_fetch_and_add(place, request->flags);
		break;
	case 1:
		request->result = __sync_fetch_and_or(place, request->flags);
		break;
	case 2:
		request->result = __sync_fetch_and_and(place, request->flags);
		break;
	case 3:
		request->result = __sync_fetch_and_xor(place, request->flags);
		break;
	case 4:
		request->result = __sync_lock_test_and_set(place, request->flags);
		break;
	case 5:
		request->result = __sync_val_compare_and_swap(place, request->flags, 99);
		break;
	case 6:
		request->result = __sync_fetch_and_add(half, request->number);
		break;
	case 7:
		request->result = __sync_val_compare_and_swap(half, request->number, 5);
		break;
	case 8:
		request->result = __sync_lock_test_and_set(half, request->number);
		break;
	}
	return XDP_PASS;
}

/* Two levels of calls, each with memory of its own. */
static __attribute__((noinline)) u64 inner_call(u64 a, u64 b)
{
	volatile u64 memory[4];
	for (int index = 0; index < 4; index++) memory[index] = a + index * b;
	return memory[0] ^ memory[3];
}

static __attribute__((noinline)) u64 outer_call(u64 a, u64 b, u64 c)
{
	volatile u64 kept = c;
	u64 result = inner_call(a, b) * 3;
	return result + inner_call(b, kept);
}

SEC("xdp") int calls_functions(struct xdp_md *ctx)
{
	struct request *request = request_of(ctx);
	if (request == NULL) return XDP_DROP;
	request->result = outer_call(request->kind, request->number, request->flags);
	return XDP_PASS;
}
