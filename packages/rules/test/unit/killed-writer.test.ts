import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { addressOf, Ipv4Set, ipv4Prefix, lengthOf } from "../../src/index.ts";

/** Stands for the end of the process in the middle of a change: nothing of the object is used after it. */
class Killed extends Error {}

test("a change that its writer did not come to the end of is brought to its end by who opens the set", () => {
  const random = new Random(20_261_129);
  const memory = new Uint8Array(Ipv4Set.pagesFor(200) * 4096);
  const built = Ipv4Set.build(memory, Float64Array.of(ipv4Prefix(0x0a00_0000, 8)), { random: 1n });
  if (built === "grow") throw new Error("it has room");
  let killed = 0;
  for (let round = 0; round < 200; round++) {
    // Any store of the process may be its last one.
    let left = 20 + random.below(60);
    const store = Atomics.store;
    const dying = ((...parameters: Parameters<typeof store>) => {
      if (left-- === 0) throw new Killed();
      return store(...parameters);
    }) as typeof store; // Of its signatures the set uses this one.
    const set = Ipv4Set.open(memory);
    Atomics.store = dying;
    try {
      for (;;) {
        const length = random.pick([9, 16, 23, 24, 25, 30, 32, 32, 32]);
        const bits = 2 ** (32 - length);
        const prefix = ipv4Prefix(Math.floor((0x0a00_0000 + random.below(2000)) / bits) * bits, length);
        if (random.below(2) === 0) set.add(prefix);
        else set.remove(prefix);
        if (random.below(9) === 0) set.remove(ipv4Prefix(0x0a00_0000, 8));
        if (random.below(9) === 0) set.add(ipv4Prefix(0x0a00_0000, 8));
      }
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      killed += 1;
    } finally {
      Atomics.store = store;
    }
    const again = Ipv4Set.open(memory);
    const entries = [...again.entries()];
    expect(again.size).toBe(entries.length);
    for (let count = 0; count < 200; count++) {
      const address = 0x0a00_0000 + random.below(2100);
      const expected = entries.some(
        (prefix) => address >= addressOf(prefix) && address < addressOf(prefix) + 2 ** (32 - lengthOf(prefix)),
      );
      expect(again.has(address), `round ${round}, ${address}`).toBe(expected);
    }
  }
  expect(killed).toBe(200);
});
