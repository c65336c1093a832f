import {
  alu,
  BtfBuilder,
  callFunction,
  callKernelFunction,
  exit,
  loadFunctionAddress,
  loadMapValueAddress,
  type MapSpec,
  type ObjectSpec,
  type ProgramSpec,
  readObject,
  writeObject,
} from "@weir/bytecode";
import { describe, expect, test } from "vitest";

const btf = new BtfBuilder();
const u32 = btf.add({ kind: "int", name: "u32", size: 4, encoding: "unsigned" });
const prototype = btf.add({ kind: "function-prototype", type: u32, parameters: [{ name: "value", type: u32 }] });
const declare = (name: string, linkage: "static" | "global" | "extern") =>
  btf.add({ kind: "function", name, type: prototype, linkage });
const [first, second, helper, kernel] = [
  declare("first", "global"),
  declare("second", "global"),
  declare("helper", "static"),
  declare("bpf_rcu_read_lock", "extern"),
];
const counter = btf.add({ kind: "variable", name: "counter", type: u32, linkage: "global" });
const hidden = btf.add({ kind: "variable", name: "hidden", type: u32, linkage: "static" });
const data = btf.add({
  kind: "section",
  name: ".data",
  size: 8,
  variables: [
    { type: counter, offset: 0, size: 4 },
    { type: hidden, offset: 4, size: 4 },
  ],
});
const types = btf.build();

const variables: MapSpec = {
  name: ".data",
  type: "array",
  keySize: 4,
  valueSize: 8,
  maxEntries: 1,
  flags: 1 << 10,
  keyType: 0,
  valueType: data,
  contents: Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0),
};

/** Calls its function, takes that one's address, the address of a variable's third byte, and calls the kernel. */
function programSpec(name: string, type: number, config = 7): ProgramSpec {
  return {
    name,
    section: "xdp",
    type: "xdp",
    frags: false,
    instructions: [
      callFunction(7),
      ...loadFunctionAddress(2, 6),
      ...loadMapValueAddress(1, 6),
      callKernelFunction(0),
      alu("mov", 32, 0, 2),
      exit(),
      alu("mov", 32, 0, config),
      exit(),
    ],
    references: [
      { kind: "map-value", slot: 3, map: ".data", offset: 6 },
      { kind: "kernel-function", slot: 5, name: "bpf_rcu_read_lock", optional: false },
      { kind: "config", slot: 8, config: "limit" },
    ],
    functions: [
      { slot: 0, type },
      { slot: 8, type: helper },
    ],
    lines: [],
  };
}

function objectSpec(programs: readonly ProgramSpec[], maps: readonly MapSpec[] = [variables]): ObjectSpec {
  return {
    license: "GPL",
    maps: new Map(maps.map((map) => [map.name, map])),
    programs: new Map(programs.map((program) => [program.name, program])),
    configs: new Map([["limit", { name: "limit", bits: 32, default: 7n }]]),
    btf: types,
  };
}

const slotsOfText = (spec: ObjectSpec): number => {
  const bytes = Buffer.from(writeObject(spec));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  // The first section behind the empty one.
  const header = Number(view.getBigUint64(40, true)) + 64;
  return Number(view.getBigUint64(header + 32, true)) / 8;
};

describe("an object with global data and functions", () => {
  const object = objectSpec([programSpec("first", first), programSpec("second", second)]);

  test("is read as it was written", () => {
    const { programs, maps, configs } = readObject(writeObject(object));

    expect(programs).toEqual(object.programs);
    expect(maps).toEqual(object.maps);
    expect(configs).toEqual(object.configs);
  });

  test("has a function once that several programs share", () => {
    expect(slotsOfText(object)).toBe(2);
  });

  test("has two functions of one name when they are not the same", () => {
    const other = objectSpec([programSpec("first", first), programSpec("second", second, 8)]);

    expect(slotsOfText(other)).toBe(4);
    expect(readObject(writeObject(other)).programs).toEqual(other.programs);
  });

  test("cannot refer to a function of the kernel that its types do not declare", () => {
    const [program] = object.programs.values();
    const references = [{ kind: "kernel-function", slot: 5, name: "bpf_nothing", optional: false }] as const;

    expect(() => writeObject(objectSpec(program ? [{ ...program, references }] : []))).toThrow(
      /"bpf_nothing"; its BTF has no extern function of this name/,
    );
  });

  test("cannot begin a map with a program or a map that it does not have", () => {
    const base = { keySize: 4, valueSize: 4, maxEntries: 2, flags: 0, keyType: 0, valueType: 0 };
    const entries = [{ index: 1, name: "nothing" }];
    const jumps: MapSpec = { ...base, name: "jumps", type: "program-array", entries };
    const inner: MapSpec = { ...base, name: "outer.inner", type: "array" };
    const outer: MapSpec = { ...base, name: "outer", type: "array-of-maps", inner, entries };

    expect(() => writeObject(objectSpec([], [jumps]))).toThrow(/"jumps" begins with program "nothing"/);
    expect(() => writeObject(objectSpec([], [outer]))).toThrow(/".maps" refers to an unknown map "nothing"/);
  });

  test("keeps what is further to be said of a map, however large", () => {
    const arena: MapSpec = {
      name: "arena",
      type: "arena",
      keySize: 0,
      valueSize: 0,
      maxEntries: 10,
      flags: 1 << 10,
      keyType: 0,
      valueType: 0,
      extra: 0x1000_0000_0000n,
    };

    expect(readObject(writeObject(objectSpec([], [arena]))).maps.get("arena")).toEqual(arena);
  });

  test("declares only what it refers to of the kernel", () => {
    const [program] = object.programs.values();
    const bare = program && {
      ...program,
      instructions: program.instructions.slice(6, 8),
      references: [],
      functions: [],
    };
    const again = readObject(writeObject(object));
    const without = readObject(writeObject({ ...again, programs: new Map(bare && [[bare.name, bare]]) }));

    expect(kernel).toBeGreaterThan(0);
    expect(without.programs.get("first")?.instructions).toHaveLength(2);
  });
});
