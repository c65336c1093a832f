/**
 * Undoes what was begun before something failed, and gives the error for it. Should that fail, too, the error says both.
 *
 * @param left what is as it should not be when it cannot be undone, as a clause
 */
export function afterFailure(error: unknown, left: string, undo: () => void): unknown {
  try {
    undo();
  } catch (second) {
    if (!(error instanceof Error && second instanceof Error)) throw second;
    error.message += `\n  And ${left}: ${second.message}`;
  }
  return error;
}
