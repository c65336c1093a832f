/** Frames up to a rate, and bursts above it. */
export interface Limit {
  readonly kind: "limit";
  readonly rate: Rate;
  /** So many packets, or bits, of the rate's unit may come at once. */
  readonly burst: number;
  readonly per: LimitKey;
}

/** So many packets or bits in so many seconds. */
export interface Rate {
  readonly unit: "packets" | "bits";
  readonly amount: number;
  readonly seconds: number;
}

/** What has a rate of its own: the rule, each source (by the first bits of its address), or each flow. */
export type LimitKey =
  | { readonly kind: "rule" }
  | { readonly kind: "source"; readonly ipv4: number; readonly ipv6: number }
  | { readonly kind: "flow" };

/** Costs are in nanoseconds × 2^16, so that rates of millions per second come out right. */
const SCALE = 65_536n;
const NANOSECONDS = 1_000_000_000;

/** A limit in the numbers of its arithmetic: the generic cell rate algorithm, in nanoseconds. */
export interface LimitCost {
  /** What a packet costs, in nanoseconds × 2^16; 0 for a rate of bits. */
  readonly perPacket: bigint;
  /** What a byte costs, in nanoseconds × 2^16; 0 for a rate of packets. */
  readonly perByte: bigint;
  /** Nanoseconds that the theoretical arrival time may be ahead. */
  readonly burst: bigint;
}

/**
 * The numbers of a limit, or of how much a rule logs.
 *
 * @example
 * ```ts
 * const rate = { unit: "packets", amount: 1000, seconds: 1 } as const;
 * limitCost({ rate, burst: 100 }).burst; // 100_000_000n: 100 ms
 * ```
 */
export function limitCost({ rate: { unit, amount, seconds }, burst }: Pick<Limit, "rate" | "burst">): LimitCost {
  const perUnit = (units: number): bigint =>
    BigInt(Math.round(((units * seconds * NANOSECONDS) / amount) * Number(SCALE)));
  const isPackets = unit === "packets";
  const [perPacket, perByte] = isPackets ? [perUnit(1), 0n] : [0n, perUnit(8)];
  return {
    perPacket,
    perByte,
    burst: isPackets ? (BigInt(burst) * perPacket) / SCALE : (BigInt(burst) * perByte) / 8n / SCALE,
  };
}

/**
 * Nanoseconds that a frame costs: what it is at the rate, rounded to the nearest.
 *
 * @example
 * ```ts
 * const rate = { unit: "bits", amount: 1e9, seconds: 1 } as const;
 * costOf(limitCost({ rate, burst: 1e6 }), 125); // 1000n
 * ```
 */
export function costOf({ perPacket, perByte }: LimitCost, bytes: number): bigint {
  return (perPacket + perByte * BigInt(bytes) + SCALE / 2n) / SCALE;
}

/**
 * When what was let through so far is paid for, of one key of a limit.
 *
 * @example
 * ```ts
 * const bucket = new Bucket();
 * bucket.takes(1000n, 5000n, 0n); // true, five times; then one every 1000 ns
 * ```
 */
export class Bucket {
  #theoretical = 0n;

  /** Whether a frame conforms at a time, in nanoseconds; it is only paid for if it does. */
  takes(cost: bigint, burst: bigint, now: bigint): boolean {
    const theoretical = (this.#theoretical > now ? this.#theoretical : now) + cost;
    if (theoretical - now > burst) return false;
    this.#theoretical = theoretical;
    return true;
  }
}
