/** A generator of random numbers that gives the same ones for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 to `limit - 1` (mulberry32). */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  /** 64 random bits, mostly from the corners where mistakes are. */
  bits(): bigint {
    const corner = this.pick([0n, 1n, -1n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0xffffn, 0x7fff_ffffn, 0x8000_0000n]);
    const wide = this.pick([0xffff_ffffn, 0x1_0000_0000n, 1n << 63n, 0x8100n, 0x0800n]);
    const random = (BigInt(this.below(2 ** 32)) << 32n) | BigInt(this.below(2 ** 32));
    const chosen = this.pick([corner, corner, wide, random, BigInt(this.below(70))]);
    return BigInt.asUintN(64, this.chance(20) ? chosen + 1n : chosen);
  }
}
