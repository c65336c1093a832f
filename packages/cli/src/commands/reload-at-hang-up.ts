import type { Session } from "../session.ts";

/**
 * Takes the configuration over again at each SIGHUP, one after the other. One that is wrong, or cannot be had, leaves
 * everything as it was. Disposing waits for what has begun.
 *
 * @param reload gives what to say when it is done
 */
export function reloadAtHangUp(
  session: Session,
  notice: (text: string) => void,
  reload: () => Promise<string>,
): AsyncDisposable {
  let reloading = Promise.resolve();
  const once = async (): Promise<void> => {
    try {
      notice(await reload());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notice(`the configuration was not taken over; everything stays as it was\n${reason}`);
    }
  };
  session.onHangUp(() => {
    reloading = reloading.then(once);
  });
  return { [Symbol.asyncDispose]: () => reloading };
}
