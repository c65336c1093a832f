import type { Decoded } from "@weir/bytecode/layout";
import { ArrayMap, type LoadedObject } from "@weir/kernel";
import { LIMIT_FLOW, LIMIT_RULE, LIMIT_SOURCE, LimitNumbers } from "@weir/programs";
import { type Limit, limitCost, type Rule, wordMask } from "@weir/rules";
import { type AppliedLimits, placeOfLimit } from "./number-limits.ts";
import type { AppliedRules } from "./pinned-rules.ts";

/** More nanoseconds than any machine runs for, with room for sums: 146 years. */
const FOREVER = 2n ** 62n;
const SCALE = 65_536n;
const PER = { rule: LIMIT_RULE, source: LIMIT_SOURCE, flow: LIMIT_FLOW } as const;

/** What limits change in the program. */
export function limitSettings(limits: AppliedLimits | undefined): Readonly<Record<string, number | bigint>> {
  if (limits === undefined) return {};
  const { buckets, hashKeys } = limits;
  return {
    limiting: 1,
    limit_buckets: buckets,
    ...Object.fromEntries(hashKeys.map((key, index) => [`limit_key_${index}`, BigInt(key)])),
  };
}

/** Fills the map with the numbers of limits. */
export function fillLimits(object: LoadedObject, applied: AppliedRules, rules: readonly Rule[]): void {
  if (applied.limits === undefined) return;
  using table = ArrayMap.of(object.map("LIMITS"), { value: LimitNumbers });
  for (const [index, numbers] of limitNumbers(applied, rules)) table.set(index, numbers);
}

/** The numbers of the limits, by the places of their rules. */
export function limitNumbers(
  { capacity, limits }: AppliedRules,
  rules: readonly Rule[],
): readonly (readonly [number, Decoded<typeof LimitNumbers>])[] {
  return rules.flatMap(({ name, action }, index) => {
    const numbered = limits?.numbers[name];
    if (numbered === undefined || action.kind !== "limit") return [];
    return [
      [index, { ...numbersOf(action), number: numbered.number, place: placeOfLimit(numbered, capacity) }] as const,
    ];
  });
}

/** What frames cost, in nanoseconds, and how far the theoretical arrival time may be ahead. */
export function costsOf(
  limit: Pick<Limit, "rate" | "burst">,
): Pick<Decoded<typeof LimitNumbers>, "packetCost" | "byteCost" | "burst"> {
  const { perPacket, perByte, burst } = limitCost(limit);
  return {
    // The same for all frames, so that it is rounded here.
    packetCost: atMost((perPacket + SCALE / 2n) / SCALE, FOREVER),
    byteCost: perByte,
    burst: atMost(burst, FOREVER),
  };
}

function numbersOf(limit: Limit): Omit<Decoded<typeof LimitNumbers>, "number" | "place"> {
  const { per } = limit;
  const [ipv4, ipv6] = per.kind === "source" ? [per.ipv4, per.ipv6] : [32, 128];
  const masks = [0, 1, 2, 3].map((word) => inPacket(wordMask(ipv6, word)));
  return {
    ...costsOf(limit),
    per: PER[per.kind],
    ipv4: inPacket(wordMask(ipv4, 0)),
    ipv6: masks,
  };
}

function atMost(value: bigint, most: bigint): bigint {
  return value < most ? value : most;
}

/** A word as a program finds it in a packet: the first byte is the lowest. */
function inPacket(word: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, word);
  return view.getUint32(0, true);
}
