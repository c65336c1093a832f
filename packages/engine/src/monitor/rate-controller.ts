import { RAREST } from "./sample-settings.ts";

/** What programs did in a while. */
export interface Measurement {
  readonly seconds: number;
  readonly runs: number;
  readonly nanoseconds: number;
}

/** One of so many packets, until more is known: what it costs to count all is found out from the cheap side. */
export const FIRST_RATE = 64;
/** A rate that turns out too cheap at most doubles what is sampled: from one reading to the next, traffic may have paused. */
const FASTEST_GROWTH = 2;
/** The other way it may go faster; not at once, since what disturbs a single measurement would take long to make up for. */
const FASTEST_FALL = 8;
/** Sampling no more than that adds next to nothing, whatever a sample costs. */
const ALWAYS_CHEAP = 1 / 256;
/** Fewer runs than that say nothing about the cost of one. */
const FEWEST_RUNS = 100;
/** Seconds after which a measurement counts for a third in what is told of the budget. */
const MEMORY = 1;
/** How much of what a measurement says otherwise is believed at once. */
const TRUST = 0.3;
/** Where more than one of so many packets are sampled, what a run costs is rather their doing, else that of all the others. */
const BLAME = 8;

/**
 * Finds the rate at which programs take a given part of one CPU.
 *
 * A run costs `base + chance × extra`: neither is known, both depend on traffic and caches. Each measurement corrects the two in
 * the direction that explains it with the least change (normalised least mean squares), and the chance follows from them.
 */
export class RateController {
  readonly #share: number;
  /** Nanoseconds of a run in which nothing is sampled, and what a sample adds. */
  #base = 30;
  #extra = 60;
  #rate = FIRST_RATE;
  /** What the rates so far have sampled too little of. */
  #carried = 0;
  #used = 0;

  /** @param share of one CPU */
  constructor(share: number) {
    this.#share = share;
  }

  /** One of so many packets is to be sampled. */
  get rate(): number {
    return this.#rate;
  }

  /** The share that was taken lately. */
  get used(): number {
    return this.#used;
  }

  /** More is taken than may be, and sampling less would not help. */
  get exceeded(): boolean {
    return this.#rate === RAREST && this.#used > this.#share;
  }

  /** Learns what the programs did at the present rate, and chooses another where it should be another. */
  learn({ seconds, runs, nanoseconds }: Measurement): void {
    this.#used += (nanoseconds / 1e9 / seconds - this.#used) * (1 - Math.exp(-seconds / MEMORY));
    if (runs >= FEWEST_RUNS) this.#correct(nanoseconds / runs);
    const affordable = runs === 0 ? Number.POSITIVE_INFINITY : (this.#share * seconds * 1e9) / runs;
    const most = Math.max(FASTEST_GROWTH / this.#rate, ALWAYS_CHEAP);
    const least = 1 / (this.#rate * FASTEST_FALL);
    this.#choose(Math.min(Math.max((affordable - this.#base) / this.#extra, least), most));
  }

  /**
   * A rate for a chance. There is none between 1/1 and 1/2: so what a rate gives too much or too little is made up for by the
   * next ones. Estimates stay right, since each packet counts for what its own chance was.
   */
  #choose(chance: number): void {
    const wanted = Math.max(Math.min(chance, 1) + this.#carried, 1 / RAREST);
    this.#rate = Math.max(Math.round(1 / wanted), 1);
    this.#carried = chance < 1 ? wanted - 1 / this.#rate : 0;
  }

  #correct(cost: number): void {
    const chance = 1 / this.#rate;
    const error = cost - (this.#base + chance * this.#extra);
    const step = (TRUST * error) / (1 + (BLAME * chance) ** 2);
    this.#base = Math.max(this.#base + step, 0);
    this.#extra = Math.max(this.#extra + step * BLAME ** 2 * chance, 1);
  }
}
