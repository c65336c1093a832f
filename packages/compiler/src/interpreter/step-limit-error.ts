/** A program has executed as many statements as it may, and has not ended. */
export class StepLimitError extends RangeError {
  override readonly name = "StepLimitError";

  constructor() {
    super("the program does not end");
  }
}
