import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { addressOf, Ipv4Set, ipv4Prefix } from "../../src/index.ts";
import { askedSet } from "../asked-set.ts";

const MILLION = 1_000_000;

test("a million addresses fit into 50 MiB, and are found", { timeout: 120_000 }, async () => {
  const random = new Random(7);
  const pages = Ipv4Set.pagesFor(MILLION);
  expect(pages * 4096).toBeLessThan(50 * 2 ** 20);
  using asked = await askedSet("ipv4", pages);
  const wanted = new Set<number>();
  while (wanted.size < MILLION) wanted.add(ipv4Prefix(random.below(2 ** 32), 32));
  const prefixes = Float64Array.from(wanted);
  const set = Ipv4Set.build(asked.memory, prefixes, { random: 0x1234_5678_9abc_def1n, settle: asked.settle });
  if (set === "grow") throw new Error("it has room");
  expect(set.size).toBe(MILLION);
  expect(prefixes.every((prefix) => set.has(addressOf(prefix)))).toBe(true);
  for (let count = 0; count < 2000; count++) {
    const member = addressOf(prefixes[random.below(MILLION)] ?? 0);
    const any = random.below(2 ** 32);
    expect(asked.ask(BigInt(member)), `member ${member}`).toBe(true);
    expect(asked.ask(BigInt(any)), `address ${any}`).toBe(wanted.has(ipv4Prefix(any, 32)));
  }
  // It is full, and remains as it is.
  let added = 0;
  const more = Float64Array.from({ length: 5000 }, () => ipv4Prefix(random.below(2 ** 32), 32));
  while (set.add(more[added] ?? 0) === "added") added += 1;
  expect(set.add(more[added] ?? 0)).toBe("grow");
  expect(set.has(addressOf(more[added] ?? 0))).toBe(false);
  expect(set.remove(prefixes[0] ?? 0)).toBe("removed");
  expect(set.add(more[added] ?? 0)).toBe("added");
});
