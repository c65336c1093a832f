#include "../headers.h"

struct numbers {
	__u16 halves[4];
	__u32 words[4];
	__u64 longs[4];
};

SEC("xdp") int program(struct xdp_md *context)
{
	void *data = DATA(context), *end = END(context);
	struct numbers *input = AT(struct numbers, 0);
	if (!input)
		return XDP_ABORTED;
	__u64 sum = 0;
	for (__u32 index = 0; index < 4; index++) {
		sum += ntohs(input->halves[index]);
		sum += ntohl(input->words[index]);
		sum += ntohll(input->longs[index]);
		if (input->halves[index] == htons(0x0800))
			sum += 1;
		if (input->words[index] == htonl(0xc0000201))
			sum += 2;
	}
	return sum >> 16;
}
