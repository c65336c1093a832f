/* Programs at the lower edge of the stack, and what they do with a packet. */
#include "prelude.h"

struct __sk_buff {
	u32 len, pkt_type, mark, queue_mapping, protocol, vlan_present, vlan_tci, vlan_proto, priority, ingress_ifindex,
		ifindex, tc_index, cb[5], hash, tc_classid, data, data_end;
};

static long (*skb_store_bytes)(void *skb, u32 offset, const void *from, u32 length, u64 flags) = (void *)9;
static long (*l3_csum_replace)(void *skb, u32 offset, u64 from, u64 to, u64 size) = (void *)10;
static long (*l4_csum_replace)(void *skb, u32 offset, u64 from, u64 to, u64 flags) = (void *)11;
static long (*skb_load_bytes)(const void *skb, u32 offset, void *to, u32 length) = (void *)26;
static long (*skb_pull_data)(void *skb, u32 length) = (void *)39;

inline struct request *request_in(struct __sk_buff *skb)
{
	struct request *request = (void *)(long)skb->data;
	return (void *)(request + 1) > (void *)(long)skb->data_end ? NULL : request;
}

/* TCX_DROP, TCX_PASS, TCX_NEXT */
SEC("tc") int buffers(struct __sk_buff *skb)
{
	struct request *request = request_in(skb);
	u8 bytes[16] = {};
	if (request == NULL) return 2;
	u32 kind = request->kind, offset = request->number;
	u64 flags = request->flags, from, to;
	__builtin_memcpy(bytes, request->value, 16);
	__builtin_memcpy(&from, request->key, 8);
	to = *(u64 *)bytes;
	long result = 0;
	switch (kind) {
	case 0:
		result = skb_load_bytes(skb, offset, bytes, 16);
		break;
	case 1:
		result = skb_store_bytes(skb, offset, bytes, 16, 0);
		break;
	case 2:
		result = l3_csum_replace(skb, offset, from, to, flags);
		break;
	case 3:
		result = l4_csum_replace(skb, offset, from, to, flags);
		break;
	case 4:
		skb->mark = offset;
		skb->priority = offset + 1;
		skb->cb[0] = offset + 2;
		result = skb->mark + skb->priority + skb->cb[0];
		break;
	case 5:
		result = skb->len + ((u64)skb->protocol << 32);
		break;
	}
	if (skb_pull_data(skb, 0) < 0) return -1;
	request = request_in(skb);
	if (request == NULL) return 2;
	request->result = result;
	__builtin_memcpy(request->answer, bytes, 16);
	return 0;
}
