import type { LimitKey, Rate } from "../rule-set/limit.ts";

const FACTORS: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9 };
const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };
/** A number, a factor, and what there is so many of: packets, if it is not said. */
const AMOUNT = /^(\d+(?:\.\d+)?) ?([kMG]?)(bit|byte| ?packets?)?$/;
const RATE = /^(.*)\/(s|min|h)$/;
/** Of frames of 1,518 bytes there is one in less than 13 s: a slower one is rather a mistake. */
const SLOWEST_BITS = 1000;
const FASTEST = { packets: 1e9, bits: 1e12 } as const;
/** Records a second of one rule: what is waiting for its reader does not fill the buffer at that rate. */
const FASTEST_LOG = 10_000;
const LARGEST_BURST = { packets: 2 ** 32, bits: 2 ** 40 } as const;
/** The shortest frame of Ethernet, without its check sum. */
const SHORTEST_FRAME = 60 * 8;
/** Of a rate, the default burst is what comes in so many seconds: in a second, so little that it hardly adds to the rate. */
const BURST_SECONDS = 0.1;
const LEAST_BURST = { packets: 5, bits: 64 * 1024 * 8 } as const;

interface Amount {
  readonly unit: "packets" | "bits";
  readonly amount: number;
}

/** A rate as it is written, `1000/s`, `10Mbit/s`; a reason where it is none. */
export function parseRate(text: string): Rate | string {
  const rate = rateOf(text);
  const isNothing = typeof rate !== "string" && rate.amount === 0;
  return isNothing ? "a rate of nothing is no limit: write the action drop" : rate;
}

/** A rate at which packets are logged, `100/s`; a reason where it is none. */
export function parseLogRate(text: string): Rate | string {
  const rate = rateOf(text);
  if (typeof rate === "string") return rate;
  if (rate.unit === "bits") return "packets are logged, as in 100/s, and not bits";
  if (rate.amount === 0) return "a rate of nothing is no log: write the action count";
  return rate.amount / rate.seconds > FASTEST_LOG ? `the largest rate of a log is ${FASTEST_LOG / 1e3}k/s` : rate;
}

function rateOf(text: string): Rate | string {
  const [, amountText, time] = RATE.exec(text) ?? [];
  const found = amountText === undefined ? undefined : parseAmount(amountText);
  const seconds = SECONDS[time ?? ""];
  if (found === undefined || seconds === undefined) {
    return `${JSON.stringify(text)} is not a rate: write packets as in 1000/s, 5k/s or 10/min, or bits as in 10Mbit/s`;
  }
  const perSecond = found.amount / seconds;
  if (perSecond > FASTEST[found.unit]) {
    return found.unit === "packets" ? "the largest rate is 1G/s" : "the largest rate is 1000Gbit/s";
  }
  if (found.unit === "bits" && found.amount > 0 && perSecond < SLOWEST_BITS) return "the smallest rate is 1kbit/s";
  return { ...found, seconds };
}

/** A burst as it is written: `100`, `1Mbit`, `64kbyte`; a reason where it is none, or does not go with the rate. */
export function parseBurst(text: string, { unit }: Rate): number | string {
  const found = parseAmount(text);
  if (found === undefined) {
    return `${JSON.stringify(text)} is not a burst: write packets as in 100, or what bits come at once as in 1Mbit or 64kbyte`;
  }
  if (found.unit !== unit) {
    return unit === "bits"
      ? "the rate is of bits, and so the burst is: write it as in 1Mbit or 64kbyte"
      : "the rate is of packets, and so the burst is: write it as in 100";
  }
  const burst = Math.floor(found.amount);
  if (unit === "packets" && burst < 1) return "a burst has at least one packet";
  if (unit === "bits" && burst < SHORTEST_FRAME) return `no frame fits into a burst of less than ${SHORTEST_FRAME}bit`;
  return burst > LARGEST_BURST[unit] ? `the largest burst is ${LARGEST_BURST[unit]}` : burst;
}

/** What may come at once where nothing is said: what comes in a tenth of a second, and at least five packets or 64 KiB. */
export function defaultBurst({ unit, amount, seconds }: Rate): number {
  return Math.max(LEAST_BURST[unit], Math.floor((amount / seconds) * BURST_SECONDS));
}

function parseAmount(text: string): Amount | undefined {
  const [, digits, factor = "", unit = "packets"] = AMOUNT.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const amount = Number(digits) * (FACTORS[factor] ?? 1);
  if (unit === "bit" || unit === "byte") return { unit: "bits", amount: unit === "byte" ? amount * 8 : amount };
  return { unit: "packets", amount };
}

/** What has a rate of its own: `rule`, `flow`, `source`, `source/24`, `source/64`, `source/24/64`; a reason where it is none. */
export function parseLimitKey(text: string): LimitKey | string {
  if (text === "rule" || text === "flow") return { kind: text };
  const lengths = /^source((?:\/\d{1,3}){0,2})$/.exec(text)?.[1]?.split("/").slice(1).map(Number);
  if (lengths === undefined) {
    return `${JSON.stringify(text)} is nothing that can be told apart: rule, flow, source, or source/24 (of IPv4), source/64 (of IPv6), source/24/64`;
  }
  const [first, second] = lengths;
  const isOfIpv6 = first !== undefined && second === undefined && first > 32;
  const ipv4 = isOfIpv6 ? 32 : (first ?? 32);
  const ipv6 = isOfIpv6 ? first : (second ?? 128);
  if (ipv4 < 1 || ipv4 > 32) return `an address of IPv4 has 32 bits: source/${ipv4} cannot be`;
  if (ipv6 < 1 || ipv6 > 128) return `an address of IPv6 has 128 bits: source/${ipv6} cannot be`;
  return { kind: "source", ipv4, ipv6 };
}
