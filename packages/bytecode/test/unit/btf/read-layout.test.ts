import { BtfBuilder, btfOfLayout, layoutOfBtf, parseBtf, readObject, typeText } from "@weir/bytecode";
import {
  array,
  be16,
  be32,
  bool,
  bytes,
  decode,
  i32,
  type Layout,
  packed,
  struct,
  u8,
  u16,
  u64,
} from "@weir/bytecode/layout";
import { requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { compileC } from "../../samples/clang.ts";

const Inner = struct({ port: be16, first: u8 });
const Record = struct({
  address: be32,
  mac: bytes(6),
  inner: Inner,
  list: array(Inner, 3),
  words: array(u64, 2),
  change: i32,
});

function described(layout: Layout, name = "Record") {
  const builder = new BtfBuilder();
  const id = btfOfLayout(builder, layout, name);
  return { btf: parseBtf(builder.build()), id };
}

describe("layoutOfBtf", () => {
  test.each([
    ["a record", Record],
    ["a packed record", packed({ first: u8, word: u64, port: be16 })],
    ["a scalar", u16],
    ["bytes", bytes(16)],
    ["a boolean", bool],
    ["a record with a boolean", struct({ seen: bool, count: u16 })],
  ])("is the way back from btfOfLayout: %s", (_name, layout) => {
    const { btf, id } = described(layout);
    // What BTF does not tell: the alignment of a packed record. Nothing is decoded by it.
    expect(layoutOfBtf(btf, id)).toMatchObject({ ...withoutAlignment(layout) });
  });

  test.skipIf(requireTool("clang"))(
    "reads the types of clang's objects, and gives the bytes of what has no layout",
    () => {
      const object = readObject(
        compileC(`
        typedef u16 __be16;
        enum state { OPEN, CLOSED };
        struct key { u32 address; __be16 port; char name[10]; enum state state; int change; void *next; };
        union either { u32 number; u8 bytes[4]; };
        struct odd { u32 low : 4, high : 28; union either either; };
        struct { __uint(type, 1); __type(key, struct key); __type(value, struct odd); __uint(max_entries, 1); } MAP SEC(".maps");
        SEC("xdp") int main_program(struct xdp_md *ctx) { struct key key = {}; return bpf_map_lookup_elem(&MAP, &key) ? 1 : 2; }`),
      );
      const btf = parseBtf(object.btf ?? new Uint8Array());
      const map = object.maps.get("MAP");
      const layout = layoutOfBtf(btf, map?.keyType ?? 0);
      if (layout === undefined) throw new Error("the key has no layout");
      const memory = new DataView(new ArrayBuffer(32));
      memory.setUint16(4, 53);
      memory.setInt32(20, -7, true);
      expect(decode(layout, memory)).toMatchObject({
        port: 53,
        name: new Uint8Array(10),
        state: 0,
        change: -7,
        next: 0n,
      });
      expect(layoutOfBtf(btf, map?.valueType ?? 0)).toEqual(bytes(8));
      expect(typeText(btf, map?.keyType ?? 0)).toBe(
        "key { address: u32, port: __be16, name: char[10], state: enum state, change: int, next: void * }",
      );
    },
  );

  test("is undefined for what takes no bytes", () => {
    expect(layoutOfBtf(described(Record).btf, 0)).toBeUndefined();
  });

  test("gives the bytes of a record whose fields cannot be properties", () => {
    const builder = new BtfBuilder();
    const type = builder.add({ kind: "int", name: "u8", size: 1, encoding: "unsigned" });
    const records = ["__proto__", "", "a-b", "x); throw 1; ("].map((name) =>
      builder.add({ kind: "struct", name: "Record", size: 1, members: [{ name, type, bitOffset: 0 }] }),
    );
    const btf = parseBtf(builder.build());
    for (const id of records) expect(layoutOfBtf(btf, id)).toEqual(bytes(1));
  });
});

describe("typeText", () => {
  test("writes records out, those inside others too, and leaves deeper ones to their names", () => {
    const { btf, id } = described(struct({ outer: struct({ inner: Inner, port: be16 }), bytes: bytes(4) }), "Deep");
    expect(typeText(btf, id)).toBe("Deep { outer: { inner: { port: be16, first: u8 }, port: be16 }, bytes: u8[4] }");
    expect(typeText(btf, 0)).toBe("void");
  });
});

function withoutAlignment(layout: Layout): object {
  const { alignment: _, ...rest } = layout;
  return rest;
}
