import { Random } from "@weir/laboratory";
import { testsRunIn } from "@weir/testing";
import { expect, test } from "vitest";
import { Ipv4Set, Ipv6Set, ipv4Prefix, ipv6Prefixes } from "../../src/index.ts";
import { askedSet, FIRST_TICK } from "../asked-set.ts";

const OPTIONS = { random: 0x1234_5678_9abc_def1n };
/** Ticks that will not come while a test runs; and one that is long over: the kernel's count begins 5 minutes before it turns over 32 bits. */
const FAR = 1n << 60n;
const OVER = 1n;

test("entries of IPv4 that end are members until then, of all lengths, through random changes", async () => {
  const random = new Random(20_261_129);
  using asked = await askedSet("ipv4", Ipv4Set.pagesFor(100));
  const set = Ipv4Set.build(asked.memory, Float64Array.of(ipv4Prefix(0x0a00_0000, 31)), {
    ...OPTIONS,
    settle: asked.settle,
  });
  if (set === "grow") throw new Error("it has room");
  const model = new Map<number, bigint>();
  for (let step = 0; step < 600; step++) {
    const length = random.pick([0, 8, 24, 25, 31, 32, 32, 32]);
    if (length === 0 && random.below(10) > 0) continue;
    const bits = 2 ** (32 - length);
    const prefix = ipv4Prefix(Math.floor((0x0a00_0000 + random.below(300)) / bits) * bits, length);
    const until = random.pick([FAR, FAR + 5n, OVER]);
    const isThere = (model.get(prefix) ?? 0n) > OVER;
    if (random.below(2) === 0) {
      expect(set.addUntil(prefix, until, OVER), `step ${step}`).toBe(isThere ? "renewed" : "added");
      model.set(prefix, until);
    } else {
      expect(set.removeTimed(prefix, OVER), `step ${step}`).toBe(isThere ? "removed" : "absent");
      model.delete(prefix);
    }
    for (const address of [0x0a00_0000 + random.below(300), 0x0b00_0000, Math.floor(prefix / 64)]) {
      const isTimed = [...model].some(([each, end]) => {
        const first = Math.floor(each / 64);
        return end >= FAR && address >= first && address < first + 2 ** (32 - (each % 64));
      });
      const expected = isTimed || address === 0x0a00_0000 || address === 0x0a00_0001;
      expect(asked.ask(BigInt(address)), `step ${step}, ${address}`).toBe(expected);
      expect(set.has(address, FAR - 1n), `step ${step}, ${address}`).toBe(expected);
    }
  }
  expect(set.timedEntries()).toEqual(
    [...model].sort(([a], [b]) => a - b).map(([prefix, until]) => ({ prefix, until })),
  );
  const left = [...model.values()].filter((until) => until > OVER).length;
  expect(set.dropEnded(OVER)).toBe(model.size - left);
  expect(set.timedEntries()).toHaveLength(left);
});

test("entries of IPv6 that end are members until then", async () => {
  using asked = await askedSet("ipv6", Ipv6Set.pagesFor(100));
  const set = Ipv6Set.build(asked.memory, ipv6Prefixes([]), OPTIONS);
  if (set === "grow") throw new Error("it has room");
  const net = { words: [0x2001_0db8, 0x0001_0000, 0, 0], length: 48 } as const;
  const host = { words: [0x2001_0db8, 2, 3, 4], length: 128 } as const;
  expect([set.addUntil(net, FAR, OVER), set.addUntil(host, FAR, OVER)]).toEqual(["added", "added"]);
  const inNet = [0x2001_0db8_0001_ffffn, 1n] as const;
  const isHost = [0x2001_0db8_0000_0002n, 0x0000_0003_0000_0004n] as const;
  const isNeighbour = [0x2001_0db8_0000_0002n, 0x0000_0003_0000_0005n] as const;
  expect([asked.ask(...inNet), asked.ask(...isHost), asked.ask(...isNeighbour)]).toEqual([true, true, false]);
  expect(set.has([0x2001_0db8, 0x0001_ffff, 0, 1], FAR - 1n)).toBe(true);
  expect(set.has([0x2001_0db8, 0x0001_ffff, 0, 1], FAR)).toBe(false);
  expect(set.addUntil(net, OVER, OVER)).toBe("renewed");
  expect([asked.ask(...inNet), asked.ask(...isHost)]).toEqual([false, true]);
  expect(set.timedEntries()).toHaveLength(2);
  expect(set.removeTimed(host, OVER)).toBe("removed");
  expect(asked.ask(...isHost)).toBe(false);
});

test("a ninth length is refused until one of the eight has ended, and a full table makes room", async () => {
  using asked = await askedSet("ipv4", Ipv4Set.pagesFor(10));
  const set = Ipv4Set.build(asked.memory, new Float64Array(), { ...OPTIONS, settle: asked.settle });
  if (set === "grow") throw new Error("it has room");
  for (let length = 9; length < 17; length++) {
    expect(set.addUntil(ipv4Prefix(0x0a00_0000, length), length === 12 ? 100n : FAR, 0n)).toBe("added");
  }
  expect(set.addUntil(ipv4Prefix(0x0a00_0000, 20), FAR, 99n)).toBe("grow");
  expect(set.addUntil(ipv4Prefix(0x0a00_0000, 20), FAR, 100n)).toBe("added");
  let added = 0;
  while (set.addUntil(ipv4Prefix(0x0b00_0000 + added * 4096, 20), 200n, 150n) === "added") added += 1;
  expect(added).toBeGreaterThan(900);
  expect(set.addUntil(ipv4Prefix(0x0c00_0000, 20), FAR, 200n)).toBe("added");
  expect(asked.ask(0x0c00_0001n)).toBe(true);
});

test.skipIf(testsRunIn() === "kernel")("the program itself ends an entry", async () => {
  using asked = await askedSet("ipv4", Ipv4Set.pagesFor(10));
  const set = Ipv4Set.build(asked.memory, new Float64Array(), OPTIONS);
  if (set === "grow") throw new Error("it has room");
  set.addUntil(ipv4Prefix(0xc000_0200, 24), FIRST_TICK + 10n, FIRST_TICK);
  expect(asked.ask(0xc000_0201n)).toBe(true);
  asked.passTicks?.(9n);
  expect(asked.ask(0xc000_0201n)).toBe(true);
  asked.passTicks?.(1n);
  expect(asked.ask(0xc000_0201n)).toBe(false);
});
