import { closeSync, openSync, readSync } from "node:fs";
import { hasCode } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { CapturePosition } from "./capture-error.ts";

const CHUNK = 256 * 1024;
const STANDARD_INPUT = "/dev/stdin";

/** A capture file, read from front to back in chunks, so that its size does not matter and pipes work too. */
export class CaptureFile implements CapturePosition, Disposable {
  readonly path: string;
  /** Bytes taken or skipped so far. */
  offset = 0;
  frames = 0;
  readonly #descriptor: number;
  #buffer = new Uint8Array(CHUNK);
  #start = 0;
  #end = 0;

  /** @throws {EngineError} `WEIR_FILE` when the file cannot be opened. */
  constructor(path: string) {
    this.path = path;
    try {
      this.#descriptor = open(path);
    } catch (error) {
      throw unreadable(path, "opened", error);
    }
  }

  /** Bytes that are there to be taken, after a `take` that failed: all that the file still has. */
  get left(): number {
    return this.#end - this.#start;
  }

  /** The next bytes, valid until the next call; undefined where the file has not so many. */
  take(length: number): DataView<ArrayBuffer> | undefined {
    const view = this.peek(length);
    if (view === undefined) return undefined;
    this.#start += length;
    this.offset += length;
    return view;
  }

  /** As `take`, but the bytes are still to be taken. */
  peek(length: number): DataView<ArrayBuffer> | undefined {
    if (this.left < length) this.#fill(length);
    return this.left < length ? undefined : new DataView(this.#buffer.buffer, this.#start, length);
  }

  /** Goes over bytes without keeping them; false where the file has not so many. */
  skip(length: number): boolean {
    for (let left = length; left > 0; ) {
      const step = Math.min(left, CHUNK);
      if (this.take(step) === undefined) return false;
      left -= step;
    }
    return true;
  }

  #fill(length: number): void {
    const rest = this.#buffer.subarray(this.#start, this.#end);
    if (length > this.#buffer.length) this.#buffer = new Uint8Array(length);
    this.#buffer.set(rest);
    this.#start = 0;
    this.#end = rest.length;
    while (this.#end < length) {
      const count = this.#read();
      if (count === 0) return;
      this.#end += count;
    }
  }

  #read(): number {
    try {
      return readSync(this.#descriptor, this.#buffer, this.#end, this.#buffer.length - this.#end, null);
    } catch (error) {
      throw unreadable(this.path, "read", error);
    }
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== 0) closeSync(this.#descriptor);
  }
}

/** Opened anew, standard input waits also where whoever started this process reads without waiting; not all of it can be opened anew. */
function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    // A socket, or another user's pipe.
    if (path === STANDARD_INPUT && (hasCode(error, "ENXIO") || hasCode(error, "EACCES"))) return 0;
    throw error;
  }
}

function unreadable(path: string, action: string, error: unknown): EngineError {
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineError("WEIR_FILE", `${path} cannot be ${action}: ${reason}`, { cause: error });
}
