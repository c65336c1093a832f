import { closeSync, constants, fstatSync, ftruncateSync, openSync, statSync, unlinkSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { EngineError } from "../errors.ts";

/** That nobody reads the pipe any more. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** Where a capture goes: a file, a pipe, or whatever else a descriptor is. */
export class CaptureOutput implements Disposable {
  /** Bytes written and not cut off again. */
  bytes = 0;
  readonly #name: string;
  readonly #descriptor: number;
  readonly #isFile: boolean;
  /** Whether it is ours to close. */
  readonly #owned: boolean;
  /** What a file held before goes. */
  readonly #overwritten: boolean;
  /** The file is new: to be removed if nothing comes of it. */
  readonly #created: string | undefined;
  #closed = false;

  /** @throws {EngineError} `WEIR_OUTPUT`, `WEIR_OPTION` for a terminal */
  constructor(output: string | number) {
    const opened = typeof output === "number" ? reopened(output) : openFile(output);
    this.#name = opened.name;
    this.#descriptor = opened.descriptor;
    this.#owned = opened.owned;
    this.#overwritten = typeof output === "string";
    this.#created = opened.created;
    if (isatty(this.#descriptor)) {
      this[Symbol.dispose]();
      throw new EngineError(
        "WEIR_OPTION",
        `${this.#name} is a terminal, which a capture would fill with bytes that are no text\n` +
          "  Write it to a file, or into a pipe: … -w - | tshark -r -",
      );
    }
    this.#isFile = fstatSync(this.#descriptor).isFile();
  }

  /** Empties a file that was there before. */
  begin(): void {
    if (this.#isFile && this.#overwritten) this.#attempt("emptied", () => ftruncateSync(this.#descriptor, 0));
  }

  /**
   * Writes as much as there is room for.
   *
   * @returns how many bytes; fewer than given where a pipe is full, or a file found no more room: then the next one fails
   * @throws {ReaderGone}
   * @throws {EngineError} `WEIR_OUTPUT`
   */
  write(data: Uint8Array): number {
    let written = 0;
    while (written < data.length) {
      const count = this.#attempt("written", () => this.#writeOnce(data.subarray(written)), written);
      if (count === 0) break;
      written += count;
      this.bytes += count;
    }
    return written;
  }

  #writeOnce(data: Uint8Array): number {
    try {
      return writeSync(this.#descriptor, data);
    } catch (error) {
      const code = codeOf(error);
      if (code === "EAGAIN") return 0;
      if (code === "EPIPE" || code === "ECONNRESET")
        throw new ReaderGone("nobody reads the output any more", { cause: error });
      throw error;
    }
  }

  /** Takes back the last bytes, where that is possible. */
  cut(count: number): boolean {
    if (!this.#isFile) return false;
    const { size } = fstatSync(this.#descriptor);
    this.#attempt("cut back to its last whole block", () => ftruncateSync(this.#descriptor, size - count));
    this.bytes -= count;
    return true;
  }

  /** Removes a file that was made for a capture that did not begin. */
  discard(): void {
    this[Symbol.dispose]();
    if (this.#created !== undefined) unlinkSync(this.#created);
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#owned) closeSync(this.#descriptor);
  }

  #attempt<T>(action: string, work: () => T, partly = 0): T | 0 {
    try {
      return work();
    } catch (error) {
      if (error instanceof ReaderGone) throw error;
      // What was written before the failure has to be known; whoever comes again meets it then.
      if (partly > 0) return 0;
      throw new EngineError("WEIR_OUTPUT", `${this.#name} cannot be ${action}: ${reasonOf(error)}`, { cause: error });
    }
  }
}

interface Opened {
  readonly name: string;
  readonly descriptor: number;
  readonly owned: boolean;
  readonly created?: string;
}

const STANDARD_OUTPUT = 1;
/** What the process's umask leaves of it. */
const READABLE_BY_ALL = 0o666;

function openFile(path: string): Opened {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    // At the end, so that what is cut off leaves no gap.
    const way = found?.isFIFO() ? constants.O_NONBLOCK : constants.O_APPEND;
    const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | way, READABLE_BY_ALL);
    return { name: path, descriptor, owned: true, ...(found === undefined && { created: path }) };
  } catch (error) {
    const reader = codeOf(error) === "ENXIO" ? "\n  Nobody reads this pipe: start what is to read it first." : "";
    throw new EngineError("WEIR_OUTPUT", `${path} cannot be opened for writing: ${reasonOf(error)}${reader}`, {
      cause: error,
    });
  }
}

/**
 * Pipes and files are opened once more, so that not to wait for the reader of one, and to write at the end of the other, concern
 * this process alone: its descriptor may be shared with others, who do not expect that.
 */
function reopened(descriptor: number): Opened {
  const name = descriptor === STANDARD_OUTPUT ? "standard output" : `descriptor ${descriptor}`;
  const found = fstatSync(descriptor);
  if (!found.isFIFO() && !found.isFile()) return { name, descriptor, owned: false };
  try {
    const way = found.isFIFO() ? constants.O_NONBLOCK : constants.O_APPEND;
    return { name, descriptor: openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | way), owned: true };
  } catch (error) {
    throw new EngineError("WEIR_OUTPUT", `${name} cannot be opened for writing: ${reasonOf(error)}`, { cause: error });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
