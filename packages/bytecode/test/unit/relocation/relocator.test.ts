import {
  alu,
  type Btf,
  BtfBuilder,
  type BtfMember,
  essentialName,
  exit,
  type Instruction,
  type KernelTypeRelocation,
  load,
  loadImmediate64,
  ObjectError,
  POISON_HELPER,
  type ProgramSpec,
  parseBtf,
  parseSplitBtf,
  Relocator,
  store,
} from "@weir/bytecode";
import { splitBtf } from "@weir/laboratory";
import { describe, expect, test } from "vitest";

type Field = readonly [name: string, type: number, bitOffset: number, bitSize?: number];

/** Types of an object or of a kernel, with a few to begin with. */
class Types {
  readonly builder = new BtfBuilder();
  readonly u8 = this.integer("u8", 1);
  readonly u16 = this.integer("u16", 2);
  readonly u32 = this.integer("u32", 4);
  readonly u64 = this.integer("u64", 8);
  readonly i32 = this.builder.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
  readonly i64 = this.builder.add({ kind: "int", name: "long", size: 8, encoding: "signed" });

  integer(name: string, size: number): number {
    return this.builder.add({ kind: "int", name, size, encoding: "unsigned" });
  }

  composite(kind: "struct" | "union", name: string, size: number, fields: readonly Field[]): number {
    const members = fields.map(
      ([field, type, bitOffset, bitSize]): BtfMember => ({
        name: field,
        type,
        bitOffset,
        ...(bitSize !== undefined && { bitSize }),
      }),
    );
    return this.builder.add({ kind, name, size, members });
  }

  struct(name: string, size: number, ...fields: readonly Field[]): number {
    return this.composite("struct", name, size, fields);
  }

  enumeration(name: string, size: number, values: Readonly<Record<string, bigint>>): number {
    const kind = size === 8 ? "enum64" : "enum";
    const list = Object.entries(values).map(([value, number]) => ({ name: value, value: number }));
    return this.builder.add({ kind, name, size, signed: false, values: list });
  }

  pointer(type: number): number {
    return this.builder.add({ kind: "pointer", type });
  }

  array(type: number, length: number): number {
    return this.builder.add({ kind: "array", type, indexType: this.u32, length });
  }

  get btf(): Btf {
    return parseBtf(this.builder.build());
  }
}

function asking(relocation: KernelTypeRelocation, code: readonly Instruction[]): ProgramSpec {
  return {
    name: "test",
    section: "xdp",
    type: "xdp",
    frags: false,
    instructions: [...code, exit()],
    references: [{ kind: "kernel-type", slot: 0, ...relocation }],
    functions: [],
    lines: [],
  };
}

function relocate(local: Types, kernel: Types, relocation: KernelTypeRelocation, code: readonly Instruction[]) {
  const { instructions, missing } = new Relocator(local.btf, kernel.btf).relocate(asking(relocation, code));
  return { instructions: instructions.slice(0, -1), missing: [...missing.values()] };
}

/** The number that a question is answered with, put into a 64-bit load. */
function answer(local: Types, kernel: Types, relocation: KernelTypeRelocation, own: bigint): bigint {
  const { instructions } = relocate(local, kernel, relocation, loadImmediate64(1, own));
  const [low, high] = instructions;
  return (BigInt(high?.immediate ?? 0) << 32n) | BigInt.asUintN(32, BigInt(low?.immediate ?? 0));
}

test("the flavour of a name is what follows three underscores", () => {
  expect(essentialName("task_struct___old")).toBe("task_struct");
  expect(essentialName("a___b___c")).toBe("a___b");
  expect(essentialName("__kernel_fsid_t")).toBe("__kernel_fsid_t");
  expect(essentialName("odd____name")).toBe("odd____name");
  expect(essentialName("___x")).toBe("___x");
});

describe("a field", () => {
  const local = new Types();
  const inner = local.struct("inner", 8, ["first", local.u32, 0], ["second", local.u32, 32]);
  const own = local.struct(
    "thing___mine",
    40,
    ["count", local.u32, 0],
    ["inside", inner, 32],
    ["list", local.array(inner, 3), 96],
    ["flag", local.u32, 288, 3],
  );
  const kernel = new Types();
  const kernelInner = kernel.struct("inner", 16, ["pad", kernel.u64, 0], ["second", kernel.u32, 64]);
  const union = kernel.composite("union", "", 8, [
    ["other", kernel.u64, 0],
    ["count", kernel.u32, 0],
  ]);
  const part = kernel.struct("", 16, ["before", kernel.u64, 0], ["", union, 64]);
  kernel.struct(
    "thing",
    112,
    ["", part, 64],
    ["inside", kernelInner, 192],
    ["list", kernel.array(kernelInner, 4), 320],
    ["flag", kernel.u16, 837, 2],
  );

  test.each([
    ["in an anonymous part", "0:0", 16],
    ["in a struct inside", "0:1:1", 24 + 8],
    ["of an element", "0:2:2:1", 40 + 2 * 16 + 8],
    ["of another whole", "1:0", 112 + 16],
  ])("is found %s", (_, access, offset) => {
    const relocation = { question: "field-offset", type: own, access } as const;
    const before = { "0:0": 0, "0:1:1": 8, "0:2:2:1": 32, "1:0": 40 }[access] ?? 0;
    const { instructions } = relocate(local, kernel, relocation, [load(32, 1, 2, before)]);
    expect(instructions).toEqual([load(32, 1, 2, offset)]);
  });

  test.each([
    ["field-size", "0:2", 24n, 64n],
    ["field-exists", "0:0", 1n, 1n],
    ["field-exists", "0:1:0", 1n, 0n],
    ["field-signed", "0:0", 0n, 0n],
    // Of bit fields: the load that has all bits of it, and the shifts that leave nothing else.
    ["field-size", "0:3", 4n, 2n],
    ["field-offset", "0:3", 36n, 104n],
    ["field-shift-left", "0:3", 61n, 64n - (837n + 2n - 104n * 8n)],
    ["field-shift-right", "0:3", 61n, 62n],
  ] as const)("answers %s of %s", (question, access, own64, expected) => {
    expect(answer(local, kernel, { question, type: own, access }, own64)).toBe(expected);
  });

  test("that the kernel lacks must not be reached", () => {
    const relocation = { question: "field-offset", type: own, access: "0:1:0" } as const;
    const { instructions, missing } = relocate(local, kernel, relocation, [load(32, 1, 2, 4)]);
    expect(instructions[0]).toMatchObject({ opcode: 0x85, immediate: POISON_HELPER });
    expect(missing).toEqual(["field thing___mine.inside.first"]);
  });

  test("beyond the end of the kernel's array is none", () => {
    const small = new Types();
    small.struct("thing", 16, ["list", small.array(small.struct("inner", 8, ["second", small.u32, 0]), 2), 0]);
    const relocation = { question: "field-exists", type: own, access: "0:2:2:1" } as const;
    expect(answer(local, small, relocation, 1n)).toBe(0n);
  });

  test.each(["0:9", "0:0:0", "x", ""])("by the access %j is none in the object itself", (access) => {
    const relocation = { question: "field-offset", type: own, access } as const;
    expect(() => relocate(local, kernel, relocation, [load(32, 1, 2, 0)])).toThrow(ObjectError);
  });
});

describe("a load or store", () => {
  const local = new Types();
  const pointer = local.pointer(0);
  const own = local.struct("s", 24, ["number", local.u64, 0], ["signed", local.i64, 64], ["pointer", pointer, 128]);
  const kernel = new Types();
  kernel.struct("s", 24, ["signed", kernel.i32, 0], ["number", kernel.u16, 32], ["pointer", kernel.pointer(0), 64]);
  const at = (access: string): KernelTypeRelocation => ({ question: "field-offset", type: own, access });

  test("gets the width of the kernel's unsigned field", () => {
    expect(relocate(local, kernel, at("0:0"), [load(64, 1, 2, 0)]).instructions).toEqual([load(16, 1, 2, 4)]);
    expect(relocate(local, kernel, at("0:0"), [store(64, 1, 0, 5)]).instructions).toEqual([store(16, 1, 4, 5)]);
  });

  test("keeps its width for a pointer", () => {
    expect(relocate(local, kernel, at("0:2"), [load(64, 1, 2, 16)]).instructions).toEqual([load(64, 1, 2, 8)]);
  });

  test("of a signed field of another size must not be reached", () => {
    const { missing } = relocate(local, kernel, at("0:1"), [load(64, 1, 2, 8)]);
    expect(missing).toEqual(["field s.signed in a form that this code can read"]);
  });

  test("must hold what the compiler says", () => {
    const wrong = () => relocate(local, kernel, at("0:2"), [load(64, 1, 2, 8)]);
    expect(wrong).toThrow(
      'program "test", slot 0: instruction 0 holds 8, where its CO-RE relocation takes 16 for given',
    );
    expect(() => relocate(local, kernel, at("0:2"), [alu("add", 64, 1, { register: 2 })])).toThrow(/has no place/);
  });
});

describe("a type", () => {
  const local = new Types();
  const next = local.builder.add({ kind: "forward", name: "list", of: "struct" });
  const own = local.struct("node___x", 16, ["next", local.pointer(next), 0], ["value", local.i32, 64]);
  const wrongMember = local.struct("node___y", 16, ["colour", local.i32, 64]);
  const wrongSize = local.struct("node___z", 16, ["value", local.i64, 64]);
  const values = local.enumeration("kind___x", 4, { ONE: 1n, TWO: 2n });
  const more = local.enumeration("kind___y", 4, { ONE: 1n, FOUR: 4n });
  const nobody = local.struct("nobody", 4, ["x", local.u32, 0]);
  const kernel = new Types();
  const list = kernel.struct("list", 8, ["first", kernel.u64, 0]);
  const node = kernel.struct(
    "node",
    32,
    ["value", kernel.i32, 0],
    ["next", kernel.pointer(list), 64],
    ["more", kernel.u64, 128],
  );
  kernel.enumeration("kind", 4, { ONE: 1n, TWO: 22n, THREE: 3n });
  const ask = (question: KernelTypeRelocation["question"], type: number, own64: bigint, access = "0") =>
    answer(local, kernel, { question, type, access }, own64);

  test("is asked for its number, its size, and whether it is there", () => {
    expect(ask("type-id", own, 0n)).toBe(BigInt(node));
    expect(ask("local-type-id", own, BigInt(own))).toBe(BigInt(own));
    expect(ask("type-size", own, 16n)).toBe(32n);
    expect([ask("type-exists", own, 1n), ask("type-exists", nobody, 1n)]).toEqual([1n, 0n]);
    expect([ask("type-size", nobody, 4n), ask("type-id", nobody, 0n)]).toEqual([0n, 0n]);
  });

  test("matches when all its members and values are there, with their types", () => {
    expect(ask("type-matches", own, 1n)).toBe(1n);
    expect(ask("type-matches", wrongMember, 1n)).toBe(0n);
    expect(ask("type-matches", wrongSize, 1n)).toBe(0n);
    expect(ask("type-matches", values, 1n)).toBe(1n);
    expect(ask("type-matches", more, 1n)).toBe(0n);
  });

  test("has values by name", () => {
    expect(ask("enumerator-value", values, 2n, "1")).toBe(22n);
    expect(ask("enumerator-exists", more, 1n, "1")).toBe(0n);
    const relocation = { question: "enumerator-value", type: more, access: "1" } as const;
    expect(relocate(local, kernel, relocation, loadImmediate64(1, 4n)).missing).toEqual([
      "enumerator FOUR of enum kind___y",
    ]);
  });

  test("that the kernel has twice must be the same each time", () => {
    const twice = new Types();
    twice.struct("node", 8, ["value", twice.i32, 0]);
    twice.struct("node___v2", 8, ["value", twice.i32, 32]);
    const at = { question: "field-offset", type: own, access: "0:1" } as const;
    expect(() => relocate(local, twice, at, [load(32, 1, 2, 8)])).toThrow(/several types for field node___x.value/);
    const exists = { question: "field-exists", type: own, access: "0:1" } as const;
    expect(() => answer(local, twice, exists, 1n)).toThrow(/disagree/);
  });
});

describe("a module of the kernel", () => {
  const local = new Types();
  const connection = local.struct("connection", 4, ["status", local.u32, 0]);
  const device = local.struct("device", 4, ["index", local.u32, 0]);
  const kernel = new Types();
  kernel.struct("device", 16, ["index", kernel.u32, 64]);
  kernel.builder.add({ kind: "forward", name: "connection", of: "struct" });
  const base = kernel.builder.build();
  kernel.struct("connection", 32, ["status", kernel.u32, 128]);
  kernel.struct("device___module", 32, ["index", kernel.u32, 128]);
  const btf = parseBtf(base);
  const module = parseSplitBtf(splitBtf(base, kernel.builder.build()), btf);
  const relocator = new Relocator(local.btf, btf);
  const ask = (relocation: KernelTypeRelocation, code: readonly Instruction[], modules: readonly Btf[]) => {
    const { instructions, missing } = relocator.relocate(asking(relocation, code), modules);
    return missing.size > 0 ? [...missing.values()] : instructions[0];
  };

  test("is asked for structures that the kernel itself lacks", () => {
    const status = { question: "field-offset", type: connection, access: "0:0" } as const;
    expect(ask(status, [load(32, 1, 2, 0)], [])).toEqual(["struct connection"]);
    expect(ask(status, [load(32, 1, 2, 0)], [module])).toEqual(load(32, 1, 2, 16));
    // Another program of the object need not call it.
    expect(ask(status, [load(32, 1, 2, 0)], [])).toEqual(["struct connection"]);
  });

  test("is not asked for those that the kernel has", () => {
    const index = { question: "field-offset", type: device, access: "0:0" } as const;
    expect(ask(index, [load(32, 1, 2, 0)], [module])).toEqual(load(32, 1, 2, 8));
  });

  test("has no numbers of types, which would be taken for the kernel's", () => {
    const id = { question: "type-id", type: connection, access: "0" } as const;
    expect(ask(id, loadImmediate64(1, 0n), [module])).toMatchObject({ immediate: 0 });
  });
});
