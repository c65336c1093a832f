import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { addressOf, type Ipv4Prefix, Ipv4Set, ipv4Prefix, ipv4PrefixText, lengthOf } from "../../src/index.ts";
import { askedSet } from "../asked-set.ts";

const seed = Number(process.env.WEIR_TEST_SEED ?? 20_261_129);
const OPTIONS = { random: 0x1234_5678_9abc_def1n };

const text = (prefix: Ipv4Prefix) => ipv4PrefixText(prefix);
const last = (prefix: Ipv4Prefix) => addressOf(prefix) + 2 ** (32 - lengthOf(prefix)) - 1;
const contains = (prefix: Ipv4Prefix, address: number) => address >= addressOf(prefix) && address <= last(prefix);

/** Prefixes that meet often: of few nets, of all lengths. */
function randomPrefix(random: Random): Ipv4Prefix {
  const length = random.pick([
    random.pick([0, 5, 8, 9]),
    15,
    16,
    20,
    22,
    23,
    24,
    24,
    25,
    26,
    28,
    30,
    31,
    32,
    32,
    32,
    32,
    32,
  ]);
  const address = random.pick([0, 0x0a00_0000, 0x0a00_0100, 0x0a01_ff00, 0xffff_ff00]) + random.below(512);
  const bits = 2 ** (32 - length);
  return ipv4Prefix(Math.floor((address % 2 ** 32) / bits) * bits, length);
}

/** Addresses at which something may be wrong: the ends of a prefix, and their neighbours. */
const edges = (prefix: Ipv4Prefix): number[] =>
  [
    addressOf(prefix) - 1,
    addressOf(prefix),
    addressOf(prefix) + 1,
    last(prefix) - 1,
    last(prefix),
    last(prefix) + 1,
  ].filter((address) => address >= 0 && address < 2 ** 32);

const oneOf = (numbers: readonly number[], random: Random): number => numbers[random.below(numbers.length)] ?? 0;

test.for([0, 1] as const)(
  "has what its prefixes contain, through random changes, with weak_memory %i",
  async (weak) => {
    const random = new Random(seed);
    using asked = await askedSet("ipv4", Ipv4Set.pagesFor(600), weak);
    const model = new Set<Ipv4Prefix>();
    for (let count = 0; count < 50; count++) model.add(randomPrefix(random));
    const built = Ipv4Set.build(asked.memory, Float64Array.from([...model, ...model]), {
      ...OPTIONS,
      settle: asked.settle,
    });
    if (built === "grow") throw new Error("it has room");
    let set = built;
    const isMember = (address: number) => [...model].some((prefix) => contains(prefix, address));
    const probes = [0, 2 ** 32 - 1];
    for (let step = 0; step < 1000; step++) {
      const prefix = random.below(3) === 0 ? oneOf([...model], random) : randomPrefix(random);
      const label = `seed ${seed}, step ${step}: ${text(prefix)}`;
      if (random.below(2) === 0) {
        expect(set.remove(prefix), label).toBe(model.delete(prefix) ? "removed" : "absent");
      } else {
        expect(set.add(prefix), label).toBe(model.has(prefix) ? "present" : "added");
        model.add(prefix);
      }
      if (step % 300 === 0) set = Ipv4Set.open(asked.memory, { settle: asked.settle });
      probes.push(...edges(prefix));
      const now = [...edges(prefix), ...Array.from({ length: 4 }, () => oneOf(probes, random))];
      for (const address of now) {
        const expected = isMember(address);
        expect(set.has(address), `${label}, ${address}`).toBe(expected);
        expect(asked.ask(BigInt(address)), `${label}, ${address}`).toBe(expected);
      }
    }
    expect([...set.entries()].map(text)).toEqual([...model].sort((a, b) => a - b).map(text));
    expect(set.size).toBe(model.size);
  },
);

test("a prefix that is taken out leaves what others contain, and one that is not listed says so", async () => {
  using asked = await askedSet("ipv4", Ipv4Set.pagesFor(100));
  const [ten, part] = [ipv4Prefix(0x0a00_0000, 8), ipv4Prefix(0x0a01_0000, 16)];
  const set = Ipv4Set.build(asked.memory, Float64Array.of(ten), OPTIONS);
  if (set === "grow") throw new Error("it has room");
  expect(set.remove(part)).toBe("absent");
  expect(set.covering(part)).toBe(ten);
  expect(set.add(part)).toBe("added");
  expect(set.remove(ten)).toBe("removed");
  expect(set.covering(part)).toBe(part);
  expect([0x0a00_ffffn, 0x0a01_0000n, 0x0a01_ffffn, 0x0a02_0000n].map((address) => asked.ask(address))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
