import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TemporaryFile } from "./temporary-file.ts";

/** What libbpf's bpf_helpers.h says, as far as the samples need it. */
const PRELUDE = `
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, value) int (*name)[value]
#define __type(name, value) typeof(value) *name
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
struct xdp_md { u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex; };
static void *(*bpf_map_lookup_elem)(void *map, const void *key) = (void *) 1;
char _license[] SEC("license") = "GPL";
`;

/** The object that clang makes of this C text. */
export function compileC(text: string): Uint8Array {
  using source = new TemporaryFile("sample.c", PRELUDE + text);
  const object = join(source.folder, "sample.o");
  execFileSync("clang", ["-O2", "-g", "-target", "bpf", "-mcpu=v3", "-c", source.path, "-o", object]);
  return readFileSync(object);
}
