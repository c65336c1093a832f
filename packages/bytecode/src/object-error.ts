/**
 * An object file or a BTF section that cannot be read, with the place of the damage; or an object that cannot be written.
 *
 * @example
 * ```ts
 * try { readObject(bytes); } catch (error) { if (error instanceof ObjectError) error.offset; // 72 }
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
