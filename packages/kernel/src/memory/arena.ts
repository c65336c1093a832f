import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import type { Address, NativeCalls } from "../native/native-calls.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../uapi/macros.ts";
import { MemoryBlock } from "./memory-block.ts";

const SMALLEST_PIECE = 64;
const PAGE = 4096;
/** What is mapped at once for pieces smaller than that. */
const CHUNK = 256 * 1024;
/** Released pieces above this go back to the system at once: they are the buffers of single reads of big maps. */
const LARGEST_KEPT = 4 * 1024 * 1024;

interface Piece {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
  readonly address: Address;
  readonly size: number;
  /** Whether somebody may have written to it: fresh pages are zero already, and touching them costs. */
  isUsed: boolean;
}

/**
 * The memory that the kernel may touch. Its pages come from `mmap`, so V8 neither moves nor frees them while the kernel
 * holds an address; the address of a Buffer has no such promise, even while the Buffer is in use.
 *
 * Pieces are powers of two, cut from chunks one after the other, and kept for re-use when they come back.
 */
export class Arena {
  readonly #calls: NativeCalls;
  readonly #free = new Map<number, Piece[]>();
  #chunk: Piece | undefined;
  /** Bytes of the chunk that were cut from it. */
  #cut = 0;

  constructor(calls: NativeCalls) {
    this.#calls = calls;
  }

  /** A block of zero bytes, aligned to 64 bytes or, from a page's size on, to a page. */
  allocate(size: number): MemoryBlock {
    const pieceSize = Math.max(SMALLEST_PIECE, 2 ** Math.ceil(Math.log2(Math.max(size, 1))));
    const piece = this.#free.get(pieceSize)?.pop() ?? this.#newPiece(pieceSize);
    const block = new MemoryBlock(piece.buffer, piece.offset, size, piece.address, () => this.#release(piece));
    if (piece.isUsed) block.bytes.fill(0);
    piece.isUsed = true;
    return block;
  }

  /** A block that holds a copy of some bytes. */
  copy(bytes: Uint8Array): MemoryBlock {
    const block = this.allocate(bytes.length);
    block.bytes.set(bytes);
    return block;
  }

  /** A block that holds text as C has it: UTF-8 with a zero byte behind. */
  text(text: string): MemoryBlock {
    return this.copy(new TextEncoder().encode(`${text}\0`));
  }

  #newPiece(size: number): Piece {
    if (size >= CHUNK) return this.#map(size);
    const alignment = Math.min(size, PAGE);
    const offset = Math.ceil(this.#cut / alignment) * alignment;
    if (this.#chunk === undefined || offset + size > CHUNK) {
      this.#chunk = this.#map(CHUNK);
      this.#cut = 0;
      return this.#newPiece(size);
    }
    this.#cut = offset + size;
    return { ...this.#chunk, offset, address: this.#chunk.address + offset, size };
  }

  #map(size: number): Piece {
    const address = this.#calls.mmap(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address < 0) throw systemError("mmap", `${size} bytes of memory`, -address);
    return { buffer: this.#calls.view(address, size), offset: 0, address, size, isUsed: false };
  }

  #release(piece: Piece): void {
    if (piece.size <= LARGEST_KEPT) {
      this.#keep(piece);
      return;
    }
    // Takes the memory away from every view of it first, so that a late use throws instead of ending the process.
    piece.buffer.transfer();
    this.#calls.munmap(piece.address, piece.size);
  }

  #keep(piece: Piece): void {
    const kept = this.#free.get(piece.size);
    if (kept === undefined) this.#free.set(piece.size, [piece]);
    else kept.push(piece);
  }
}

const arenas = new WeakMap<NativeCalls, Arena>();

/** The arena of the calls in use. */
export function arena(): Arena {
  const calls = nativeCalls();
  const known = arenas.get(calls);
  if (known !== undefined) return known;
  const created = new Arena(calls);
  arenas.set(calls, created);
  return created;
}
