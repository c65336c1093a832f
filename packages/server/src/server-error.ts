/**
 * What went wrong in the service, for programs; the text is for people.
 *
 * | code | meaning |
 * |---|---|
 * | `WEIR_CONFIG` | the configuration says something that cannot be |
 * | `WEIR_FILE` | a file that it names cannot be read |
 * | `WEIR_LISTEN` | the address cannot be listened on |
 */
export type ServerErrorCode = "WEIR_CONFIG" | "WEIR_FILE" | "WEIR_LISTEN";

/** A failure with a stable code; the message says what was attempted, on what, and what can be done. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
