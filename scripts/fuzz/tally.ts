const PROGRESS_MILLISECONDS = 10_000;

/** Counts how attempts ended, by what they were made with, and tells now and then. */
export class Tally {
  readonly #what: string;
  readonly #total: number;
  readonly #write: (text: string) => void;
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #start = Date.now();
  #told = Date.now();
  #done = 0;

  constructor(what: string, total: number, write: (text: string) => void) {
    this.#what = what;
    this.#total = total;
    this.#write = write;
  }

  count(group: string, ending: string): void {
    this.#done++;
    const endings = this.#counts.get(group) ?? new Map<string, number>();
    this.#counts.set(group, endings.set(ending, (endings.get(ending) ?? 0) + 1));
    if (Date.now() - this.#told < PROGRESS_MILLISECONDS) return;
    this.#told = Date.now();
    this.#write(`${this.#done} of ${this.#total} ${this.#what}, ${this.#seconds()} s\n`);
  }

  /** Writes the table. */
  finish(): void {
    this.#write(`${this.#done} ${this.#what} in ${this.#seconds()} s\n`);
    for (const [group, endings] of this.#counts) {
      const list = [...endings].map(([ending, count]) => `${count} ${ending}`).join(", ");
      this.#write(`  ${group}: ${list}\n`);
    }
  }

  #seconds(): number {
    return Math.round((Date.now() - this.#start) / 1000);
  }
}
