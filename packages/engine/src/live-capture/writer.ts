import { EngineError } from "../errors.ts";
import type { OrderedBlocks } from "./ordered-blocks.ts";
import type { CaptureOutput } from "./output.ts";

/** Milliseconds until a pipe that was full is tried again. */
const PATIENCE = 10;
/** Bytes by which numbers in the statistics may have become longer until they are written. */
const GROWTH = 256;
/** Bytes after which the rest has to wait for what else this process has to do, such as to end. */
const TURN = 8 * 1024 * 1024;
const NOTHING = new Uint8Array();

/** Carries blocks from the rings to the output. */
export class CaptureWriter {
  /** Packets that were in the rings and did not reach the output. */
  unwritten = 0n;
  readonly #blocks: OrderedBlocks;
  readonly #output: CaptureOutput;
  /** Whole blocks that are being written, and how many of their bytes are. */
  #pending: Uint8Array = NOTHING;
  #at = 0;

  constructor(blocks: OrderedBlocks, output: CaptureOutput) {
    this.#blocks = blocks;
    this.#output = output;
  }

  /**
   * Writes what is in the rings, as far as there is room, and not endlessly where packets come in as fast.
   *
   * @param until nanoseconds since 1970, read before the call; undefined: all that there is
   * @returns bytes
   * @throws {EngineError | ReaderGone}
   */
  drain(until: bigint | undefined): number {
    for (let moved = 0; ; ) {
      if (this.#at === this.#pending.length && (moved >= TURN || !this.#load(until))) return moved;
      const count = this.#output.write(this.#pending.subarray(this.#at));
      this.#at += count;
      moved += count;
      if (this.#at < this.#pending.length) return moved;
    }
  }

  /** Writes all that is in the rings: to a pipe as its reader makes room. */
  async drainAll(): Promise<void> {
    while (this.drain(undefined) > 0 || this.#at < this.#pending.length) {
      if (this.#at < this.#pending.length) await patience();
    }
  }

  /** Writes a block besides the packets, or nothing of it. */
  async block(block: Uint8Array): Promise<void> {
    let written = 0;
    try {
      for (;;) {
        written += this.#output.write(block.subarray(written));
        if (written === block.length) return;
        await patience();
      }
    } catch (error) {
      if (error instanceof EngineError) this.#output.cut(written);
      throw error;
    }
  }

  /** Gives up what was not written. */
  abandon(): void {
    do {
      this.unwritten += BigInt(this.#ends().filter((end) => end > this.#at).length);
    } while (this.#load(undefined));
  }

  /**
   * After a failure: lets a file end behind a whole packet, and behind statistics, for which packets give up their room.
   *
   * @param statistics the block, made when it is known how many packets were not written
   */
  async save(statistics: () => Uint8Array): Promise<void> {
    const room = statistics().length + GROWTH;
    const ends = [0, ...this.#ends().filter((end) => end <= this.#at)];
    const end = ends.findLast((candidate) => candidate <= this.#at - room) ?? ends.at(-1) ?? 0;
    const isFile = this.#output.cut(this.#at - end);
    if (isFile) this.#at = end;
    this.abandon();
    if (!isFile || this.#output.bytes === 0) return;
    try {
      await this.block(statistics());
    } catch (error) {
      // The first failure is the one to report: without statistics the file is whole too.
      if (!(error instanceof EngineError)) throw error;
    }
  }

  #load(until: bigint | undefined): boolean {
    const next = this.#blocks.next(until);
    this.#pending = next ?? NOTHING;
    this.#at = 0;
    return next !== undefined;
  }

  /** Where the pending blocks end. */
  #ends(): number[] {
    const ends: number[] = [];
    const view = new DataView(this.#pending.buffer, this.#pending.byteOffset, this.#pending.length);
    // The second word of each block is its length.
    for (let at = 0; at < view.byteLength; ends.push(at)) at += view.getUint32(at + 4, true);
    return ends;
  }
}

const patience = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PATIENCE));
