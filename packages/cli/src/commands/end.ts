/** What ends a watch: a number of seconds, or the signal. */
export interface EndOptions {
  readonly duration?: number | undefined;
  readonly signal: AbortSignal;
}

/** The end of a watch by its duration or its signal. */
export class End implements Disposable {
  #reached = false;
  #wake = () => {};
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #reach = () => {
    this.#reached = true;
    this.#wake();
  };

  constructor({ duration, signal }: EndOptions) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#reach);
    if (signal.aborted) this.#reach();
    this.#timer = duration === undefined ? undefined : setTimeout(this.#reach, duration * 1000);
  }

  /** What comes first. Not Promise.race with one promise for the end: that would keep something of each round until then. */
  orSooner<Reading>(reading: Promise<Reading>): Promise<Reading | "ended"> {
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve("ended");
      if (this.#reached) this.#wake();
      reading.then(resolve, reject);
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#reach);
  }
}
