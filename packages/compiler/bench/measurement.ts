import { Contender } from "./contender.ts";
import { median } from "./median.ts";
import type { Pair } from "./suite.ts";
import { measureTraced } from "./traced.ts";

/** How long a timed run should take: long enough for the clock, short enough to take turns often. */
const RUN_NANOSECONDS = 5_000_000;
const WARM_UP = 20_000;
/** Of programs at tracepoints, which are loaded once, for each round of others. */
const TRACED_ROUNDS = 9;

/** How thoroughly to measure. */
export interface Effort {
  /** How often each program is loaded. */
  readonly loads: number;
  /** How often it is timed at each place. */
  readonly rounds: number;
}

/** What was measured of one pair: nanoseconds per packet. */
export interface Measurement {
  readonly weir: number;
  readonly clang: number;
  /** weir to clang, of runs next to each other. */
  readonly ratio: number;
  /** clang's object, loaded as often again, to clang: what no compiler has caused. */
  readonly noise: number;
  /** Instruction slots that the kernel runs. */
  readonly instructions: Sides;
  /** Instructions that the verifier went through. */
  readonly verified: Sides;
}

interface Sides {
  readonly weir: number;
  readonly clang: number;
}

/** The programs take turns, each round beginning with another one, so that none always follows the same one. */
export function measure(pair: Pair, { loads, rounds }: Effort): Measurement {
  if (pair.traced) return measureTraced(pair, rounds * TRACED_ROUNDS);
  using objects = new DisposableStack();
  const contender = (spec: ReturnType<Pair["weir"]>) => new Contender(pair, spec, loads, objects);
  const [weir, clang, again] = [contender(pair.weir()), contender(pair.clang()), contender(pair.clang())] as const;
  const order = [weir, clang, again];
  // To begin and to end a test run takes time too: so all run equally often.
  const warm = order.map((each) => Array.from({ length: loads }, (_, load) => each.time(load, pair.frame, WARM_UP)));
  const repeat = Math.max(WARM_UP, Math.round(RUN_NANOSECONDS / median(warm.flat())));
  for (const each of order) each.begin();
  for (let round = 0; round < rounds; round++) {
    for (let load = 0; load < loads; load++) {
      for (const turn of order.keys()) order[(round + load + turn) % order.length]?.time(load, pair.frame, repeat);
    }
  }
  const of = (what: "translatedInstructions" | "verifiedInstructions"): Sides => ({
    weir: weir.info[what],
    clang: clang.info[what],
  });
  return {
    weir: weir.nanoseconds,
    clang: clang.nanoseconds,
    ratio: weir.ratioTo(clang),
    noise: again.ratioTo(clang),
    instructions: of("translatedInstructions"),
    verified: of("verifiedInstructions"),
  };
}

/** The mean of ratios. */
export function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}
