/**
 * A version of Linux as a number, so that two can be compared: major and minor number count.
 *
 * @example
 * ```ts
 * kernelVersion("6.12.0-5-amd64") >= kernelVersion("6.3"); // true
 * ```
 */
export function kernelVersion(text: string): number {
  const [major = 0, minor = 0] = text.split(/[.-]/).map(Number);
  return major * 1000 + minor;
}
