import type { Contender } from "./contender.ts";

/** What was measured of one pair: nanoseconds per packet, medians over rounds, and medians of the rounds' ratios. */
export interface Measurement {
  readonly weir: number;
  readonly clang: number;
  /** weir to clang. */
  readonly ratio: number;
  /** The same object of clang's, loaded twice: what no compiler has caused. */
  readonly noise: number;
}

/** The programs take turns, each round beginning with another one, so that none always follows the same one. */
export function measure(
  contenders: { readonly weir: Contender; readonly clang: Contender; readonly again: Contender },
  frame: Uint8Array,
  rounds: number,
): Measurement {
  const order = [contenders.weir, contenders.clang, contenders.again];
  const times = new Map<Contender, number[]>(order.map((contender) => [contender, []]));
  for (const contender of order) contender.time(frame);
  for (let round = 0; round < rounds; round++) {
    for (const turn of order.keys()) {
      const contender = order[(round + turn) % order.length];
      if (contender !== undefined) times.get(contender)?.push(contender.time(frame));
    }
  }
  const of = (contender: Contender): readonly number[] => times.get(contender) ?? [];
  const ratio = (one: Contender, other: Contender): number =>
    median(of(one).map((time, round) => time / (of(other)[round] ?? Number.NaN)));
  return {
    weir: median(of(contenders.weir)),
    clang: median(of(contenders.clang)),
    ratio: ratio(contenders.weir, contenders.clang),
    noise: ratio(contenders.again, contenders.clang),
  };
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** The mean of ratios. */
export function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}
