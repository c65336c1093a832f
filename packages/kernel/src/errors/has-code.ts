/** Whether this is an error of Node's with one of these codes, such as `"ENOENT"`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
