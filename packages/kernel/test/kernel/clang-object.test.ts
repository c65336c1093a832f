import { readObject } from "@weir/bytecode";
import { u32, u64 } from "@weir/bytecode/layout";
import { loadObject, PerCpuHashMap, VerifierError } from "@weir/kernel";
import { requireTool } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { expect, test } from "vitest";
import { compileText } from "../fixtures/clang.ts";
import { programOf } from "../fixtures/program-of.ts";

const source = `
struct context { unsigned int data, data_end, data_meta, ingress_ifindex, rx_queue_index; };
struct { int (*type)[5]; unsigned int *key; unsigned long long *value; int (*max_entries)[16]; } lengths
  __attribute__((section(".maps"), used));
static void *(*map_lookup)(void *map, const void *key) = (void *)1;
static long (*map_update)(void *map, const void *key, const void *value, unsigned long long flags) = (void *)2;
static __attribute__((noinline)) int count(unsigned int length) {
  unsigned long long one = 1, *value = map_lookup(&lengths, &length);
  if (value) *value += 1; else map_update(&lengths, &length, &one, 0);
  return 2;
}
__attribute__((section("xdp"), used)) int lengths_of(struct context *ctx) {
  return count(ctx->data_end - ctx->data);
}
__attribute__((section("xdp"), used)) int careless(struct context *ctx) {
  return *(unsigned char *)(long)ctx->data;
}
char _license[] __attribute__((section("license"), used)) = "GPL";
`;

test.skipIf(requireTool("clang"))(
  "an object that clang made loads, with its map's types, its functions and its lines",
  () => {
    using object = loadObject(readObject(compileText(source)));
    const program = programOf(object, "lengths_of");
    const frame = ethernet().ipv4().udp().toBytes();
    // One by one: a run of several that a signal interrupts begins again.
    for (let run = 0; run < 3; run++) expect(program.testRun({ data: frame }).verdict).toBe(2);
    const lengths = PerCpuHashMap.of(object.map("lengths"), { key: u32, value: u64 });
    expect(lengths.get(frame.length)?.reduce((sum, part) => sum + part, 0n)).toBe(3n);
    // Two functions and a dozen lines: the kernel has checked them against the instructions.
    expect(program.info().verifiedInstructions).toBeGreaterThan(10);

    const load = () => object.program("careless");
    expect(load).toThrow(VerifierError);
    expect(load).toThrow(/the kernel rejected program "careless" at .*:\d+:\d+/);
    expect(load).toThrow("return *(unsigned char *)(long)ctx->data;");
  },
);
