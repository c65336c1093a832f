import { EngineError, type EngineErrorCode } from "../errors.ts";

/** Where a capture file was being read when it turned out to be wrong. */
export interface CapturePosition {
  readonly path: string;
  /** Whole frames read so far. */
  readonly frames: number;
}

/**
 * A capture file that cannot be read, or not to its end.
 *
 * @example
 * ```ts
 * try {
 *   await replay("trace.pcap");
 * } catch (error) {
 *   if (error instanceof CaptureError) console.error(error.code, error.offset, error.frames);
 * }
 * ```
 */
export class CaptureError extends EngineError {
  override readonly name = "CaptureError";
  readonly path: string;
  /** Byte in the file at which the trouble starts. */
  readonly offset: number;
  /** Whole frames before that. */
  readonly frames: number;

  constructor(code: EngineErrorCode, position: CapturePosition, offset: number, problem: string, remedy: string) {
    const { path, frames } = position;
    const before = frames === 1 ? "1 whole frame comes" : `${frames} whole frames come`;
    super(code, `${path}: ${problem}, at byte ${offset}; ${before} before it.\n  ${remedy}`);
    this.path = path;
    this.offset = offset;
    this.frames = frames;
  }
}

/** The file ends inside something that was begun at `offset`. */
export function truncated(position: CapturePosition, offset: number, what: string): CaptureError {
  const remedy = "Copy or capture the file again; `editcap FILE OUT` keeps the whole frames.";
  return new CaptureError("WEIR_CAPTURE_TRUNCATED", position, offset, `the file ends inside ${what}`, remedy);
}

/** What the file says at `offset` cannot be. */
export function damaged(position: CapturePosition, offset: number, problem: string): CaptureError {
  const remedy = "The file is damaged, or was not written by a capture program; capture it again.";
  return new CaptureError("WEIR_CAPTURE_DAMAGED", position, offset, problem, remedy);
}
