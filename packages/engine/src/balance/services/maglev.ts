/** A backend as its place in a Maglev table depends on it. */
export interface MaglevBackend {
  /** What it is known by wherever its table is made: two balancers with the same backends have the same table. */
  readonly key: string;
  /** Its share, in proportion to those of the others; 0 for none. */
  readonly weight: number;
  /** Whether it can be given new flows now. */
  readonly available: boolean;
}

/** The size of a table unless another is asked for: a prime (Eisenbud et al., Maglev, NSDI 2016, section 3.4). */
export const MAGLEV_SIZE = 65_537;

/** An entry of a table that no backend has. */
export const NO_BACKEND = -1;

/**
 * Which backend has which entry of a table: backends take turns, by their weights, and each takes the first entry of its own
 * permutation that is free. So shares are exact to one entry, and most entries stay when the backends change.
 *
 * A backend that is not available leaves its entries to the others, in the same way, and no other entry changes; when it comes
 * back it has the same ones again. The table follows from the backends alone, not from what was before.
 *
 * @param size a prime number
 * @returns numbers of backends, or {@link NO_BACKEND}
 * @see https://research.google/pubs/maglev-a-fast-and-reliable-software-network-load-balancer/
 */
export function maglevTable(backends: readonly MaglevBackend[], size: number = MAGLEV_SIZE): Int32Array {
  const table = new Int32Array(size).fill(NO_BACKEND);
  const walkers = backends
    .map(({ key, weight }, number) => ({ number, weight, key, walker: new Walker(key, size) }))
    .filter(({ weight }) => weight > 0)
    // Whatever order they are listed in.
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  fill(table, walkers, new Int32Array(backends.length));

  const left = walkers.filter(({ number }) => backends[number]?.available);
  if (left.length === walkers.length) return table;
  const counts = new Int32Array(backends.length);
  for (const [place, number] of table.entries()) {
    if (backends[number]?.available) counts[number] = (counts[number] ?? 0) + 1;
    else table[place] = NO_BACKEND;
  }
  fill(table, left, counts);
  return table;
}

interface Taker {
  readonly number: number;
  readonly key: string;
  readonly weight: number;
  readonly walker: Walker;
}

/** Gives all free entries of the table away; `counts` is what each backend has already. */
function fill(table: Int32Array, takers: readonly Taker[], counts: Int32Array): void {
  const shares = sharesOf(table.length, takers, counts);
  const heaviest = Math.max(...takers.map(({ weight }) => weight));
  // The heaviest takes one in each round, the others in as many rounds as their weights are of its. Who takes in which round is
  // noted, so that nobody is asked in the rounds between.
  const rounds: (number[] | undefined)[] = [];
  const schedule = (index: number, turn: number) => {
    const { number = 0, weight = 1 } = takers[index] ?? {};
    if ((counts[number] ?? 0) >= (shares[index] ?? 0)) return;
    const round = Math.ceil((turn * heaviest) / weight);
    const others = rounds[round];
    if (others === undefined) rounds[round] = [index];
    else others.push(index);
  };
  const turns = takers.map(() => 1);
  for (const index of takers.keys()) schedule(index, 1);
  for (let round = 1; round < rounds.length; round++) {
    for (const index of (rounds[round] ?? []).sort((a, b) => a - b)) {
      const taker = takers[index];
      if (taker === undefined) continue;
      table[taker.walker.next(table)] = taker.number;
      counts[taker.number] = (counts[taker.number] ?? 0) + 1;
      const turn = (turns[index] ?? 0) + 1;
      turns[index] = turn;
      schedule(index, turn);
    }
    rounds[round] = undefined;
  }
}

/** How many entries each shall have, by largest remainder; none less than it has. */
function sharesOf(size: number, takers: readonly Taker[], counts: Int32Array): readonly number[] {
  const total = takers.reduce((sum, { weight }) => sum + weight, 0);
  const exact = takers.map(({ weight }) => (size * weight) / total);
  const shares = takers.map(({ number }, index) => Math.max(Math.floor(exact[index] ?? 0), counts[number] ?? 0));
  const byRemainder = takers
    .map((_, index) => ({ index, lacks: (exact[index] ?? 0) - (shares[index] ?? 0) }))
    .toSorted((a, b) => b.lacks - a.lacks);
  let left = size - shares.reduce((sum, share) => sum + share, 0);
  for (let turn = 0; left > 0 && byRemainder.length > 0; turn++, left--) {
    const { index } = byRemainder[turn % byRemainder.length] ?? { index: 0 };
    shares[index] = (shares[index] ?? 0) + 1;
  }
  for (let turn = byRemainder.length - 1; left < 0 && turn >= 0; turn--) {
    const { index } = byRemainder[turn] ?? { index: 0 };
    const spare = (shares[index] ?? 0) - (counts[takers[index]?.number ?? 0] ?? 0);
    if (spare <= 0) continue;
    shares[index] = (shares[index] ?? 0) - 1;
    left += 1;
  }
  return shares;
}

/** The permutation of a backend: every entry once, from an offset on in equal steps, both from hashes of its key. */
class Walker {
  #place: number;
  readonly #step: number;

  constructor(key: string, size: number) {
    this.#place = hash(key, 0x811c_9dc5) % size;
    this.#step = 1 + (hash(key, 0x9e37_79b9) % (size - 1));
  }

  /** The next entry that is free. */
  next(table: Int32Array): number {
    let place = this.#place;
    while (table[place] !== NO_BACKEND) {
      place += this.#step;
      if (place >= table.length) place -= table.length;
    }
    this.#place = place;
    return place;
  }
}

/** FNV-1a over UTF-16 units, and MurmurHash3's finish, without which similar keys have similar hashes. */
function hash(text: string, seed: number): number {
  let value = seed;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x0100_0193);
  value = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2_ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
