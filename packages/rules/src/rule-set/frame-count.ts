/** Frames, and their bytes as they were captured. */
export interface Tally {
  readonly packets: number;
  readonly bytes: number;
}

/**
 * Counts frames.
 *
 * @example
 * ```ts
 * const count = new FrameCount();
 * count.add(frame);
 * count.tally; // { packets: 1, bytes: 60 }
 * ```
 */
export class FrameCount {
  #packets = 0;
  #bytes = 0;

  add(frame: Uint8Array): void {
    this.#packets += 1;
    this.#bytes += frame.length;
  }

  get tally(): Tally {
    return { packets: this.#packets, bytes: this.#bytes };
  }
}
