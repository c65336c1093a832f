/** Capture files for the tests, written from the formats' specifications and not by the readers' code. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCapture } from "../../../src/captures/capture.ts";
import type { Frame } from "../../../src/captures/frame.ts";

/** Bytes of 32-bit or 16-bit words in one byte order. */
export class Bytes {
  readonly #parts: number[] = [];
  readonly #littleEndian: boolean;

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian;
  }

  u16(...values: number[]): this {
    return this.#add(2, values);
  }

  u32(...values: number[]): this {
    return this.#add(4, values);
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.#parts.push(byte);
    return this;
  }

  /** Zeros up to a multiple of 4. */
  pad(): this {
    while (this.#parts.length % 4 !== 0) this.#parts.push(0);
    return this;
  }

  get length(): number {
    return this.#parts.length;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#parts);
  }

  #add(size: number, values: number[]): this {
    for (const value of values) {
      const bytes = Array.from({ length: size }, (_, index) => (value / 2 ** (8 * index)) & 255);
      this.#parts.push(...(this.#littleEndian ? bytes : bytes.reverse()));
    }
    return this;
  }
}

export interface PcapOptions {
  readonly littleEndian?: boolean;
  readonly magic?: number;
  readonly linkType?: number;
}

export function pcap(frames: readonly Uint8Array[], options: PcapOptions = {}): Uint8Array {
  const { littleEndian = true, magic = 0xa1b2c3d4, linkType = 1 } = options;
  const file = new Bytes(littleEndian).u32(magic).u16(2, 4).u32(0, 0, 65535, linkType);
  for (const [index, frame] of frames.entries()) {
    file.u32(1000 + index, 7, frame.length, frame.length + 1).raw(frame);
  }
  return file.done();
}

/** A pcapng block with both of its lengths. */
export function block(littleEndian: boolean, type: number, body: Uint8Array): Uint8Array {
  const total = 12 + Math.ceil(body.length / 4) * 4;
  return new Bytes(littleEndian).u32(type, total).raw(body).pad().u32(total).done();
}

export function sectionHeader(littleEndian: boolean): Uint8Array {
  const body = new Bytes(littleEndian).u32(0x1a2b3c4d).u16(1, 0).u32(0xffffffff, 0xffffffff);
  return block(littleEndian, 0x0a0d0d0a, body.done());
}

export interface InterfaceOptions {
  readonly linkType?: number;
  readonly snapLength?: number;
  /** `if_tsresol` as it is written. */
  readonly resolution?: number;
}

export function interfaceDescription(littleEndian: boolean, options: InterfaceOptions = {}): Uint8Array {
  const { linkType = 1, snapLength = 0, resolution } = options;
  const body = new Bytes(littleEndian).u16(linkType, 0).u32(snapLength);
  if (resolution !== undefined) body.u16(9, 1).raw(Uint8Array.of(resolution)).pad().u16(0, 0);
  return block(littleEndian, 1, body.done());
}

export function enhancedPacket(littleEndian: boolean, index: number, frame: Uint8Array, ticks = 5): Uint8Array {
  const body = new Bytes(littleEndian)
    .u32(index, 0, ticks, frame.length, frame.length + 1)
    .raw(frame)
    .pad();
  return block(littleEndian, 6, body.done());
}

export function simplePacket(littleEndian: boolean, frame: Uint8Array, originalLength: number): Uint8Array {
  return block(littleEndian, 3, new Bytes(littleEndian).u32(originalLength).raw(frame).done());
}

export function obsoletePacket(littleEndian: boolean, index: number, frame: Uint8Array): Uint8Array {
  const body = new Bytes(littleEndian).u16(index, 3).u32(0, 5, frame.length, frame.length).raw(frame);
  return block(littleEndian, 2, body.done());
}

export function concatenate(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** A copy of the frames of a file with this content; their bytes are valid for one step only. */
export function framesOf(content: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  readInto(frames, content);
  return frames;
}

/** As `framesOf`, but what was read stays in `frames` when the file turns out to be wrong. */
export function readInto(frames: Frame[], content: Uint8Array): void {
  using file = captureFile(content);
  for (const frame of readCapture(file.path)) frames.push({ ...frame, bytes: frame.bytes.slice() });
}

/** A file with this content, and with a name that tells nothing. */
export function captureFile(content: Uint8Array): { readonly path: string } & Disposable {
  const directory = mkdtempSync(join(tmpdir(), "weir-capture-"));
  const path = join(directory, "écoute €.bin");
  writeFileSync(path, content);
  return { path, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) };
}
