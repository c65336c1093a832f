import { type FSWatcher, watch } from "node:fs";
import { dirname, join } from "node:path";

/** Editors empty a file and write it in two steps, or write another one and rename it: milliseconds until they are through. */
const SETTLING = 15;

/** Tells when one of a set of files is written, made or removed. */
export class FileChanges implements Disposable {
  /** Folders and not files: a file that is replaced is another file. */
  readonly #folders = new Map<string, FSWatcher>();
  #files: ReadonlySet<string> = new Set();
  #changed = false;
  #wake = () => {};

  /** From now on it is about these files: absolute paths. Folders that do not exist are left out. */
  follow(files: Iterable<string>): void {
    this.#files = new Set(files);
    const wanted = new Set([...this.#files].map((file) => dirname(file)));
    for (const [folder, watcher] of this.#folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of wanted) if (!this.#folders.has(folder)) this.#followFolder(folder);
  }

  /** Waits until something has changed since the last time, and is complete. At once when the signal is aborted. */
  async next(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let timer: NodeJS.Timeout | undefined;
    this.#wake = () => {
      clearTimeout(timer);
      timer = setTimeout(resolve, SETTLING);
    };
    const abort = () => resolve();
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) resolve();
    if (this.#changed) this.#wake();
    await promise;
    signal.removeEventListener("abort", abort);
    clearTimeout(timer);
    this.#changed = false;
    this.#wake = () => {};
  }

  [Symbol.dispose](): void {
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  #followFolder(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: true }, (_event, name) => {
        if (name === null || !this.#files.has(join(folder, name))) return;
        this.#changed = true;
        this.#wake();
      });
      // It goes with its folder.
      watcher.on("error", () => watcher.close());
      this.#folders.set(folder, watcher);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
}
