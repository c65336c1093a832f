import { BtfBuilder, ObjectError, parseBtf, parseSplitBtf } from "@weir/bytecode";
import { splitBtf } from "@weir/laboratory";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyBtfType } from "../../samples/btf-types.ts";

/** BTF sections of the first types, and of what the others add to them. */
function split(first: Parameters<BtfBuilder["add"]>[0][], others: Parameters<BtfBuilder["add"]>[0][]) {
  const kernel = new BtfBuilder();
  for (const type of first) kernel.add(type);
  const base = kernel.build();
  const module = new BtfBuilder(base);
  const ids = others.map((type) => module.add(type));
  return { base, added: splitBtf(base, module.build()), ids };
}

const int = { kind: "int", name: "int", size: 4, encoding: "signed" } as const;
const prototype = { kind: "function-prototype", type: 1, parameters: [{ name: "first", type: 1 }] } as const;
const run = { kind: "function", name: "run", type: 2, linkage: "static" } as const;

test("types of a module continue those of the kernel", () => {
  fc.assert(
    fc.property(fc.array(anyBtfType, { maxLength: 12 }), fc.array(anyBtfType, { maxLength: 12 }), (first, others) => {
      const { base, added, ids } = split(first, others);
      const kernel = parseBtf(base);
      const module = parseSplitBtf(added, kernel);

      expect(ids.map((id) => module.type(id))).toEqual(others);
      for (let id = 0; id < kernel.count; id++) expect(module.type(id)).toEqual(kernel.type(id));
      expect(module.count).toBe(Math.max(kernel.count, ...ids.map((id) => id + 1)));
    }),
  );
});

test("a module's names may be the kernel's strings or its own", () => {
  const { base, added } = split(
    [int, prototype, run],
    [
      { kind: "struct", name: "run", size: 4, members: [{ name: "first", type: 1, bitOffset: 0 }] },
      { kind: "struct", name: "run___old", size: 8, members: [] },
      { kind: "function", name: "stop", type: 2, linkage: "static" },
    ],
  );
  const kernel = parseBtf(base);
  const module = parseSplitBtf(added, kernel);

  expect(module.find("struct", "run")).toMatchObject({ id: 4, type: { members: [{ name: "first" }] } });
  expect(module.find("function", "run")?.id).toBe(3);
  expect(module.find("function", "run", kernel.count)).toBeUndefined();
  expect(module.find("function", "stop", kernel.count)?.id).toBe(6);
  expect(kernel.find("function", "stop")).toBeUndefined();
  expect(module.idsNamed("run")).toEqual([3, 4, 5]);
  expect(module.idsNamed("run", kernel.count)).toEqual([4, 5]);
  expect(module.bare(6).type).toMatchObject({ kind: "function", name: "stop" });
  expect(module.sizeOf(4)).toBe(4);
});

test("a module may add nothing", () => {
  const { base, added } = split([int], []);
  const module = parseSplitBtf(added, parseBtf(base));
  expect(module.count).toBe(2);
  expect(module.find("int", "int")?.id).toBe(1);
});

test("what is in neither is refused", () => {
  const { base, added } = split([int], [prototype]);
  const module = parseSplitBtf(added, parseBtf(base));
  expect(() => module.type(3)).toThrow(new ObjectError("the BTF types has no type 3; it has 3", 24));
});

test("only a base may be read by itself", () => {
  const { added } = split([int], [{ ...int, name: "long" }]);
  expect(() => parseBtf(added)).toThrow("do not begin with the empty string");
});
