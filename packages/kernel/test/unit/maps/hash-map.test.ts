import { struct, u32, u64 } from "@weir/bytecode/layout";
import { HashMap } from "@weir/kernel";
import { afterEach, describe, expect, test } from "vitest";
import { readBatches } from "../../../src/maps/read-batches.ts";
import { replaceNativeCalls } from "../../../src/native/current-calls.ts";
import { FakeMap, type FakeMapOptions } from "../../fixtures/fake-map.ts";

let replacement: Disposable | undefined;

afterEach(() => replacement?.[Symbol.dispose]());

function fake(options?: Partial<FakeMapOptions>) {
  const kernel = new FakeMap(options);
  replacement = replaceNativeCalls(kernel.calls);
  return kernel;
}

const layouts = { key: u32, value: u64 };

test("set, get and delete go by key", () => {
  using map = fake().open();
  const flows = HashMap.of(map, layouts);
  flows.set(7, 70n);
  expect(flows.get(7)).toBe(70n);
  expect(flows.delete(7)).toBe(true);
  expect(flows.delete(7)).toBe(false);
  expect(flows.get(7)).toBeUndefined();
});

test("a full map says how large it is and what to do", () => {
  using map = fake({ maxEntries: 1 }).open();
  const flows = HashMap.of(map, layouts);
  flows.set(1, 1n);
  expect(() => flows.set(2, 2n)).toThrow(
    [
      'BPF_MAP_UPDATE_ELEM on map "flows" failed: E2BIG',
      "  It was made for 1 entries.",
      "  The map is full, or the index is not below maxEntries.",
      "  Raise maxEntries, delete entries, or declare it as an LRU map.",
    ].join("\n"),
  );
  expect(() => flows.set(2, 2n)).toThrow(expect.objectContaining({ code: "WEIR_MAP_FULL", errno: 7 }));
});

test("a layout of another size is refused with the difference", () => {
  using map = fake().open();
  const key = struct({ source: u32, destination: u32 });
  expect(() => HashMap.of(map, { key, value: u64 })).toThrow(
    'open on map "flows" failed: key size is 8, the map "flows" wants 4',
  );
  expect(() => HashMap.of(map, { key: u32, value: struct({ packets: u32 }) })).toThrow(
    "4 bytes of the map's are missing after packets",
  );
});

describe.each([
  { batch: true, bucket: 1 },
  { batch: true, bucket: 100 },
  { batch: false, bucket: 1 },
])("entries with %o", (options) => {
  test.each([0, 1, 63, 64, 65, 1000])("%i of them are read once each", (count) => {
    const kernel = fake({ maxEntries: 1000, ...options });
    for (let key = 0; key < count; key += 1) kernel.entries.set(key, BigInt(key) * 10n);
    using map = kernel.open();
    expect([...HashMap.of(map, layouts).entries()]).toEqual([...kernel.entries]);
  });
});

test("a batch grows until the largest bucket fits", () => {
  const kernel = fake({ bucket: 40 });
  for (let key = 0; key < 100; key += 1) kernel.entries.set(key, 0n);
  using map = kernel.open();
  const counts: number[] = [];
  for (const { count } of readBatches(map, 4, 8, 8)) counts.push(count);
  expect(counts).toEqual([40, 40, 20]);
});

test("a reader that stops early gives its memory back", () => {
  const kernel = fake();
  for (let key = 0; key < 100; key += 1) kernel.entries.set(key, 0n);
  using map = kernel.open();
  const flows = HashMap.of(map, layouts);
  const mapsBefore = kernel.calls.log.filter((call) => call === "mmap").length;
  for (let round = 0; round < 2000; round += 1) {
    for (const _ of flows.entries()) break;
  }
  const mapsAfter = kernel.calls.log.filter((call) => call === "mmap").length;
  expect(mapsAfter - mapsBefore).toBeLessThan(10);
});
