/**
 * A name as a shell takes it for one word: interfaces may be called `-x` or `a;b`.
 *
 * @example
 * ```ts
 * shellWord("it's"); // 'it'\\''s', in quotation marks
 * ```
 */
export function shellWord(name: string): string {
  return /^[\w.:@%+=/][\w.:@%+=/-]*$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
