import { ObjectError, parseBtf, readObject, writeObject } from "@weir/bytecode";
import { requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { compileC } from "../../samples/clang.ts";

const SAMPLE = `
struct stats { u64 packets; u16 port; };
struct {
  __uint(type, 6);
  __uint(max_entries, 4);
  __type(key, u32);
  __type(value, struct stats);
} counts SEC(".maps");
struct {
  __uint(type, 1);
  __uint(max_entries, 10);
  __uint(key_size, 6);
  __uint(value_size, 8);
  __uint(map_flags, 1);
} blocked SEC(".maps");

static __attribute__((noinline)) int inner(int x) {
  u8 key[6] = { x };
  return bpf_map_lookup_elem(&blocked, key) ? x : 7;
}
__attribute__((noinline)) int outer(int x) { return inner(x) * 3 + inner(x + 1); }

SEC("xdp") int first(struct xdp_md *context) {
  u32 key = 1;
  struct stats *stats = bpf_map_lookup_elem(&counts, &key);
  if (stats) stats->packets += outer(context->ingress_ifindex);
  return 2;
}
SEC("xdp") int second(struct xdp_md *context) { return 1; }
SEC("xdp.frags") int third(struct xdp_md *context) { return outer(3) ? 2 : 1; }
`;

describe.skipIf(requireTool("clang"))("an object that clang made", () => {
  test("has its maps, with the types of keys and values", () => {
    const { maps, btf } = readObject(compileC(SAMPLE));
    const counts = maps.get("counts");

    expect(counts).toMatchObject({ type: "per-cpu-array", keySize: 4, valueSize: 16, maxEntries: 4, flags: 0 });
    expect(parseBtf(btf ?? new Uint8Array()).type(counts?.valueType ?? 0)).toMatchObject({ name: "stats" });
    expect(maps.get("blocked")).toMatchObject({ type: "hash", keySize: 6, valueSize: 8, flags: 1, keyType: 0 });
  });

  test("has its programs, with the functions that each calls behind it", () => {
    const { programs, btf, license } = readObject(compileC(SAMPLE));
    const types = parseBtf(btf ?? new Uint8Array());
    const functions = [...programs].map(([name, program]) => [
      name,
      program.functions.map(({ type }) => types.type(type)).map((type) => "name" in type && type.name),
    ]);

    expect(functions).toEqual([
      ["first", ["first", "outer", "inner"]],
      ["second", ["second"]],
      ["third", ["third", "outer", "inner"]],
    ]);
    expect(programs.get("third")).toMatchObject({ section: "xdp.frags", frags: true });
    expect(programs.get("first")?.references.map((one) => one.kind === "map" && one.map)).toEqual([
      "counts",
      "blocked",
    ]);
    expect(license).toBe("GPL");
  });

  test("has the sizes of its sections filled in, as the kernel wants them", () => {
    const btf = parseBtf(readObject(compileC(SAMPLE)).btf ?? new Uint8Array());
    const section = btf.find("section", ".maps")?.type;

    expect(section?.size).toBe(72);
    expect(section?.variables.map(({ offset }) => offset)).toEqual([0, 32]);
    expect(btf.find("section", "license")?.type.size).toBe(4);
  });

  test("is the same after being written and read", () => {
    const object = readObject(compileC(SAMPLE));
    const again = readObject(writeObject(object));

    expect(again.programs).toEqual(object.programs);
    expect(again.maps).toEqual(object.maps);
  });

  test.each([
    ["a function of elsewhere", `int far(void); SEC("xdp") int one(void *c) { return far(); }`, /calls "far", which/],
    ["another kind of program", `SEC("kprobe/x") int one(void *c) { return 0; }`, /"kprobe\/x" holds program "one"/],
    [
      "an unknown member of a map",
      `struct { __uint(type, 1); __uint(numa_node, 4); } m SEC(".maps"); SEC("xdp") int one(void *c) { return 0; }`,
      /map "m" with "numa_node"/,
    ],
    [
      "addresses in data",
      `static const char *names[] = { "a", "b" };
       SEC("xdp") int one(struct xdp_md *c) { return *names[c->data & 1]; }`,
      /"\.rodata" holds an address in "\.rodata\.str/,
    ],
    [
      "the kernel's configuration",
      `extern int CONFIG_HZ __attribute__((section(".kconfig"))); SEC("xdp") int one(void *c) { return CONFIG_HZ; }`,
      /"CONFIG_HZ" of section ".kconfig"/,
    ],
    [
      "maps as they once were",
      `struct { int type; } m SEC("maps"); SEC("xdp") int one(void *c) { return 0; }`,
      /"maps" is/,
    ],
  ])("is refused when it uses %s", (_, text, message) => {
    const object = compileC(text);

    expect(() => readObject(object)).toThrow(ObjectError);
    expect(() => readObject(object)).toThrow(message);
  });
});
