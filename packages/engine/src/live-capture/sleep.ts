import type { CaptureEnd } from "../live-capture.ts";

/** Waits, and is woken by the end of a capture: its signal, or its duration. */
export class Sleep implements Disposable {
  #ended: CaptureEnd | undefined;
  #wake = () => {};
  readonly #signal: AbortSignal;
  readonly #end: NodeJS.Timeout | undefined;
  readonly #abort = () => this.#finish("signal");

  /** @param duration milliseconds from now */
  constructor(signal: AbortSignal, duration: number | undefined) {
    this.#signal = signal;
    if (signal.aborted) this.#ended = "signal";
    signal.addEventListener("abort", this.#abort);
    this.#end = duration === undefined ? undefined : setTimeout(() => this.#finish("duration"), duration);
  }

  /** Undefined when there was no end within so many milliseconds. */
  for(milliseconds: number): Promise<CaptureEnd | undefined> {
    return new Promise((resolve) => {
      if (this.#ended !== undefined) return resolve(this.#ended);
      const timer = setTimeout(() => resolve(undefined), milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(this.#ended);
      };
    });
  }

  #finish(end: CaptureEnd): void {
    this.#ended ??= end;
    this.#wake();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#end);
    this.#signal.removeEventListener("abort", this.#abort);
  }
}
