/**
 * Waits, and lets nothing else run meanwhile: for moments only, as another process needs them to be done.
 *
 * @example
 * ```ts
 * pause(5);
 * ```
 */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
