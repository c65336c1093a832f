/**
 * Whether this is an error with one of these codes: Node's have such as `"ENOENT"`, weir's `"WEIR_BUSY"`.
 *
 * @example
 * ```ts
 * try {
 *   attachXdp({ interface: "eth0", program });
 * } catch (error) {
 *   if (!hasCode(error, "WEIR_BUSY")) throw error;
 * }
 * ```
 */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
