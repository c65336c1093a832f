import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { BtfBuilder, btfOfLayout, ObjectError, parseBtf } from "@weir/bytecode";
import { array, be16, bytes, i32, struct, u8, u64 } from "@weir/bytecode/layout";
import { requirePath, requireTool } from "@weir/laboratory";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyBtfType } from "../../samples/btf-types.ts";
import { TemporaryFile } from "../../samples/temporary-file.ts";

describe("a BTF section", () => {
  test("gives back every type that was added", () => {
    fc.assert(
      fc.property(fc.array(anyBtfType, { maxLength: 20 }), (types) => {
        const builder = new BtfBuilder();
        const ids = types.map((type) => builder.add(type));
        const btf = parseBtf(builder.build());

        expect(ids.map((id) => btf.type(id))).toEqual(types);
      }),
    );
  });

  test("survives being continued", () => {
    fc.assert(
      fc.property(fc.array(anyBtfType), (types) => {
        const builder = new BtfBuilder();
        for (const type of types) builder.add(type);
        const section = builder.build();

        expect(new BtfBuilder(section).build()).toEqual(section);
      }),
    );
  });

  test("holds equal types and strings once", () => {
    const builder = new BtfBuilder();
    const int = { kind: "int", name: "int", size: 4, encoding: "signed" } as const;

    expect([builder.add(int), builder.add({ ...int, name: "long" }), builder.add(int)]).toEqual([1, 2, 1]);
    expect(builder.addString("int")).toBe(builder.addString("int"));
    expect(new BtfBuilder(builder.build()).addString("long")).toBe(builder.addString("long"));
  });

  test("replaces a type in its place", () => {
    const builder = new BtfBuilder();
    const id = builder.add({ kind: "float", name: "half", size: 2 });
    builder.add({ kind: "section", name: ".maps", size: 8, variables: [{ type: 1, offset: 0, size: 8 }] }, id);

    expect(parseBtf(builder.build()).type(id)).toMatchObject({ kind: "section", size: 8 });
  });

  test("is refused with an offset when it is damaged", () => {
    const builder = new BtfBuilder();
    builder.add({ kind: "float", name: "half", size: 2 });
    const good = builder.build();
    const damaged = (at: number, byte: number): Uint8Array => good.with(at, byte);

    expect(() => parseBtf(damaged(0, 1))).toThrow(/begins with eb01, not with eb9f \(at offset 0\)/);
    expect(() => parseBtf(damaged(31, 31))).toThrow(/unknown kind 31 \(at offset 24\)/);
    expect(() => parseBtf(good.subarray(0, -1))).toThrow(ObjectError);
    expect(() => parseBtf(good).type(2)).toThrow(/has no type 2; it has 2/);
  });
});

test("sizes go through names and arrays, and a type that contains itself has none", () => {
  const builder = new BtfBuilder();
  const int = builder.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
  const list = builder.add({ kind: "array", type: int, indexType: int, length: 3 });
  const named = builder.add({ kind: "typedef", name: "list", type: list });
  const circle = builder.add({ kind: "const", type: 4 });
  const btf = parseBtf(builder.build());

  expect(btf.sizeOf(named)).toBe(12);
  expect(() => btf.sizeOf(circle)).toThrow(/contains itself/);
});

describe("a layout", () => {
  const Record = struct({ kind: u8, port: be16, packets: u64, list: array(struct({ delta: i32 }), 2), mac: bytes(6) });

  test("has the size and offsets that it has in memory", () => {
    const builder = new BtfBuilder();
    const id = btfOfLayout(builder, Record, "Record");
    const btf = parseBtf(builder.build());
    const type = btf.find("struct", "Record")?.type;

    expect(btf.sizeOf(id)).toBe(Record.size);
    expect(type?.members.map(({ name, bitOffset }) => [name, bitOffset / 8])).toEqual(
      Record.fields.map(({ name, offset }) => [name, offset]),
    );
    expect(type?.members.map((member) => btf.sizeOf(member.type))).toEqual(
      Record.fields.map(({ layout }) => layout.size),
    );
  });

  test.skipIf(requireTool("bpftool"))("is C to bpftool", () => {
    const builder = new BtfBuilder();
    btfOfLayout(builder, Record, "Record");
    using file = new TemporaryFile("record.btf", builder.build());

    expect(
      execFileSync("bpftool", ["btf", "dump", "file", file.path, "format", "raw"], { encoding: "utf8" }),
    ).toContain("STRUCT 'Record' size=32 vlen=5\n\t'kind' type_id=1 bits_offset=0\n\t'port' type_id=3 bits_offset=16");
  });
});

const VMLINUX = "/sys/kernel/btf/vmlinux";
test.skipIf(requirePath(VMLINUX, "run on a kernel built with CONFIG_DEBUG_INFO_BTF"))(
  "reads the kernel's own types",
  () => {
    const btf = parseBtf(readFileSync(VMLINUX));
    const context = btf.find("struct", "xdp_md");

    expect(context?.type.members.map(({ name }) => name).slice(0, 3)).toEqual(["data", "data_end", "data_meta"]);
    expect(btf.find("enum", "xdp_action")?.type.values).toContainEqual({ name: "XDP_PASS", value: 2n });
    expect(btf.find("struct", "no_such_struct")).toBeUndefined();
    for (let id = 0; id < btf.count; id += 7) expect(btf.type(id).kind).toBeTypeOf("string");
  },
);
