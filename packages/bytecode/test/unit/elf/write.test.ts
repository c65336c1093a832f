import { type MapSpec, type ObjectSpec, parseBtf, readObject, writeObject } from "@weir/bytecode";
import { describe, expect, test } from "vitest";
import { filledMaps, richObject, richProgram } from "../../samples/rich-object.ts";

const slotsOfText = (spec: ObjectSpec): number => {
  const bytes = Buffer.from(writeObject(spec));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  // The first section behind the empty one.
  const header = Number(view.getBigUint64(40, true)) + 64;
  return Number(view.getBigUint64(header + 32, true)) / 8;
};

describe("an object with global data and functions", () => {
  const object = richObject();

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
    const other = richObject([richProgram("first"), richProgram("second", 8)]);

    expect(slotsOfText(other)).toBe(4);
    expect(readObject(writeObject(other)).programs).toEqual(other.programs);
  });

  test("cannot refer to a function of the kernel that its types do not declare", () => {
    const references = [{ kind: "kernel-function", slot: 5, name: "bpf_nothing", optional: false }] as const;

    expect(() => writeObject(richObject([{ ...richProgram("first"), references }]))).toThrow(
      /"bpf_nothing"; its BTF has no extern function of this name/,
    );
  });

  test("cannot begin a map with a program or a map that it does not have", () => {
    const base = { keySize: 4, valueSize: 4, maxEntries: 2, flags: 0, keyType: 0, valueType: 0 };
    const entries = [{ index: 1, name: "nothing" }];
    const jumps: MapSpec = { ...base, name: "jumps", type: "program-array", entries };
    const inner: MapSpec = { ...base, name: "outer.inner", type: "array" };
    const outer: MapSpec = { ...base, name: "outer", type: "array-of-maps", inner, entries };

    expect(() => writeObject(richObject([], [jumps]))).toThrow(/"jumps" begins with program "nothing"/);
    expect(() => writeObject(richObject([], [outer]))).toThrow(/".maps" refers to an unknown map "nothing"/);
  });

  test("keeps maps that begin with others", () => {
    const filled = richObject([], filledMaps);

    expect(readObject(writeObject(filled)).maps).toEqual(filled.maps);
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

    expect(readObject(writeObject(richObject([], [arena]))).maps.get("arena")).toEqual(arena);
  });

  test("declares only what it refers to of the kernel", () => {
    const again = readObject(writeObject(object));
    const { instructions, ...program } = richProgram("first");
    const bare = { ...program, instructions: instructions.slice(7, 9), references: [], functions: [] };
    const without = readObject(writeObject({ ...again, programs: new Map([[bare.name, bare]]) }));
    const sectionOf = ({ btf }: ObjectSpec) => parseBtf(btf ?? new Uint8Array()).find("section", ".ksyms");

    expect(sectionOf(again)?.type.variables).toHaveLength(1);
    expect(sectionOf(without)).toBeUndefined();
  });
});
