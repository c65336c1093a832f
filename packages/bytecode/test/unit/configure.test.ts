import { readObject, withConfig, withMap, withMapSizes, writeObject } from "@weir/bytecode";
import { describe, expect, test } from "vitest";
import { sampleObject } from "../samples/object.ts";

describe("withConfig", () => {
  test("patches the immediates, of one slot or of two, and leaves the original alone", () => {
    const object = sampleObject();
    const before = structuredClone(object.programs);
    const configured = withConfig(object, { limit: 0x8000_0000, seed: -2n });
    const instructions = configured.programs.get("pass_all")?.instructions;

    expect(instructions?.[8]).toMatchObject({ opcode: 0xb4, immediate: -0x8000_0000 });
    expect(instructions?.[6]).toMatchObject({ opcode: 0x18, immediate: -2 });
    expect(instructions?.[7]).toMatchObject({ opcode: 0, immediate: -1 });
    expect(object.programs).toEqual(before);
  });

  test("stays with the object when that is written", () => {
    const configured = withConfig(sampleObject(), { limit: 9 });

    expect(readObject(writeObject(configured)).configs.get("limit")?.default).toBe(9n);
  });

  test("names what there is when a name is wrong", () => {
    expect(() => withConfig(sampleObject(), { limits: 1 })).toThrow('has no config "limits"; it has seed, limit');
  });

  test("refuses a value that does not fit, by its sign too", () => {
    expect(() => withConfig(sampleObject(), { limit: -1 })).toThrow('config "limit" is u32; -1 does not fit');
    expect(() => withConfig(sampleObject(), { seed: 2n ** 63n })).toThrow(/"seed" is i64; \d+ does not fit/);
    expect(readObject(writeObject(withConfig(sampleObject(), { seed: -2 }))).configs.get("seed")).toEqual({
      ...{ name: "seed", bits: 64, signed: true, default: -2n },
    });
    expect(() => withConfig(sampleObject(), { limit: 2 ** 32 })).toThrow(/"limit" is u32; 4294967296 does not fit/);
  });
});

describe("withMap", () => {
  test("changes the size, also of an object that is written", () => {
    const object = withMap(readObject(writeObject(sampleObject())), "STATS", { maxEntries: 99 });

    expect(object.maps.get("STATS")?.maxEntries).toBe(99);
    expect(readObject(writeObject(object)).maps.get("STATS")?.maxEntries).toBe(99);
  });

  test("names what there is when a name is wrong", () => {
    expect(() => withMap(sampleObject(), "stats", { maxEntries: 1 })).toThrow('has no map "stats"; it has STATS');
  });
});

describe("withMapSizes", () => {
  test("changes the sizes that are named, and leaves the original alone", () => {
    const object = sampleObject();

    expect(withMapSizes(object, { STATS: 99 }).maps.get("STATS")?.maxEntries).toBe(99);
    expect(object.maps).toEqual(sampleObject().maps);
    expect(withMapSizes(object, {})).toBe(object);
  });

  test("names what there is when a name is wrong", () => {
    expect(() => withMapSizes(sampleObject(), { STATS: 2, stats: 1 })).toThrow('has no map "stats"; it has STATS');
  });
});
