import { deserialize, serialize } from "node:v8";

/** Bytes of the length before each message. */
const HEAD = 4;

/**
 * A message as it goes through a stream: its length in 4 bytes, then what the structured clone algorithm makes of it, so that errors,
 * maps and regular expressions arrive as such.
 */
export function encodeMessage(message: unknown): Uint8Array {
  const body = serialize(message);
  const encoded = Buffer.alloc(HEAD + body.length);
  encoded.writeUInt32LE(body.length);
  body.copy(encoded, HEAD);
  return encoded;
}

/** Puts messages together again from pieces of a stream. */
export class MessageDecoder {
  #pending = Buffer.alloc(0);

  /** The messages that end in this piece. */
  *decode(piece: Uint8Array): Generator<unknown> {
    this.#pending = Buffer.concat([this.#pending, piece]);
    while (this.#pending.length >= HEAD) {
      const end = HEAD + this.#pending.readUInt32LE();
      if (this.#pending.length < end) return;
      const body = this.#pending.subarray(HEAD, end);
      this.#pending = this.#pending.subarray(end);
      yield deserialize(body);
    }
  }
}
