import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { MacSet, type PortRange, PortSet } from "../../src/index.ts";
import { askedSet } from "../asked-set.ts";

const seed = Number(process.env.WEIR_TEST_SEED ?? 20_261_129);

test("ports: has what its ranges contain, through random changes", async () => {
  const random = new Random(seed);
  using asked = await askedSet("port", PortSet.pagesFor(1000));
  const built = PortSet.build(asked.memory, [{ first: 80, last: 80 }]);
  if (built === "grow") throw new Error("it has room");
  let set = built;
  const model = new Map<string, PortRange>([["80-80", { first: 80, last: 80 }]]);
  for (let step = 0; step < 1000; step++) {
    const first = random.pick([0, 1, 31, 32, 63, 64, 80, 32_767, 32_768, 65_535, random.below(65_536)]);
    const last = Math.min(65_535, first + random.pick([0, 0, 1, 31, 64, 300, 40_000]));
    const name = `${first}-${last}`;
    const label = `seed ${seed}, step ${step}: ${name}`;
    if (random.below(2) === 0) {
      expect(set.remove({ first, last }), label).toBe(model.delete(name) ? "removed" : "absent");
    } else {
      expect(set.add({ first, last }), label).toBe(model.has(name) ? "present" : "added");
      model.set(name, { first, last });
    }
    if (step % 100 === 0) set = PortSet.open(asked.memory);
    for (const port of [first - 1, first, last, last + 1, 0, 65_535, random.below(65_536)]) {
      if (port < 0 || port > 65_535) continue;
      const expected = [...model.values()].some((range) => port >= range.first && port <= range.last);
      expect(set.has(port), `${label}, ${port}`).toBe(expected);
      expect(asked.ask(BigInt(port)), `${label}, ${port}`).toBe(expected);
    }
  }
  expect(set.entries().map(({ first, last }) => `${first}-${last}`)).toHaveLength(model.size);
});

test("hardware addresses: has what was added, through random changes, and says when it is full", async () => {
  const random = new Random(seed);
  using asked = await askedSet("mac", MacSet.pagesFor(300));
  const built = MacSet.build(asked.memory, new Float64Array(), { random: 0x1234_5678_9abc_def1n });
  if (built === "grow") throw new Error("it has room");
  let set = built;
  const model = new Set<number>();
  for (let step = 0; step < 2000; step++) {
    const mac = random.pick([0, 0xffff_ffff_ffff, 0x0200_0000_0000 + random.below(400)]);
    const label = `seed ${seed}, step ${step}: ${mac.toString(16)}`;
    if (random.below(2) === 0) {
      expect(set.remove(mac), label).toBe(model.delete(mac) ? "removed" : "absent");
    } else {
      expect(set.add(mac), label).toBe(model.has(mac) ? "present" : "added");
      model.add(mac);
    }
    if (step % 100 === 0) set = MacSet.open(asked.memory);
    for (const each of [mac, 0x0200_0000_0000 + random.below(400)]) {
      expect(set.has(each), label).toBe(model.has(each));
      expect(asked.ask(BigInt(each)), label).toBe(model.has(each));
    }
  }
  expect([...set.entries()]).toEqual([...model].sort((a, b) => a - b));
  let added = 0;
  while (set.add(0x0a00_0000_0000 + added) === "added") added += 1;
  expect(set.size).toBe(set.capacity);
  expect(set.has(0x0a00_0000_0000 + added)).toBe(false);
});
