/**
 * Why a session ends before its command is done: Ctrl-C, SIGTERM or SIGHUP, or that nobody reads the output any more.
 * The latter is an end like any other, and nothing to complain about.
 */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly by: "signal" | "reader gone";

  constructor(by: "signal" | "reader gone") {
    super(`interrupted: ${by}`);
    this.by = by;
  }
}
