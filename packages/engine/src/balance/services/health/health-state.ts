/**
 * Whether a backend is up, by its answers: the first one decides, then it takes `fall` failures one after the other to be down
 * and `rise` answers to be up again.
 */
export class HealthState {
  readonly #rise: number;
  readonly #fall: number;
  #up: boolean | undefined;
  /** Answers one after the other that contradict the state. */
  #contrary = 0;

  constructor({ rise, fall }: { readonly rise: number; readonly fall: number }) {
    this.#rise = rise;
    this.#fall = fall;
  }

  /** Takes note of an answer, and says whether the backend is up now. */
  note(good: boolean): boolean {
    if (this.#up === undefined || good === this.#up) {
      this.#up = good;
      this.#contrary = 0;
      return good;
    }
    this.#contrary += 1;
    if (this.#contrary >= (good ? this.#rise : this.#fall)) {
      this.#up = good;
      this.#contrary = 0;
    }
    return this.#up;
  }
}
