/**
 * An object file or a BTF section that cannot be read, with the place of the damage; or an object that cannot be written.
 *
 * @example
 * ```ts
 * try {
 *   readObject(readFileSync("damaged.o"));
 * } catch (error) {
 *   if (error instanceof ObjectError) console.error(error.message, error.offset);
 * }
 * ```
 */
export class ObjectError extends Error {
  override readonly name = "ObjectError";
  readonly code = "WEIR_OBJECT";
  /** Bytes from the start of the file, where a place can be named. */
  readonly offset: number | undefined;

  constructor(problem: string, offset?: number) {
    super(offset === undefined ? problem : `${problem} (at offset ${offset})`);
    this.offset = offset;
  }
}
