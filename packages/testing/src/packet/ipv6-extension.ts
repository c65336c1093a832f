import { type BytesLike, toBytes } from "./bytes.ts";
import { NO_NEXT_HEADER } from "./ipv6.ts";
import type { Layer } from "./layer.ts";

/** An IPv6 extension header. `body` is what follows the next-header and length bytes, zero-filled to a whole number of units. */
export interface ExtensionFields {
  readonly nextHeader?: number;
  readonly body?: BytesLike;
  /** As on the wire: units of 8 bytes beyond the first 8 (authentication header: units of 4 minus 2). */
  readonly length?: number;
}

/** An IPv6 fragment header. */
export interface FragmentFields {
  readonly nextHeader?: number;
  /** In bytes; a multiple of 8. */
  readonly offset?: number;
  readonly moreFragments?: boolean;
  readonly identification?: number;
}

/** Protocol numbers of the extension headers that have the common shape. */
export const EXTENSION_HEADERS = {
  hopByHop: 0,
  routing: 43,
  authentication: 51,
  destinationOptions: 60,
  mobility: 135,
  hostIdentity: 139,
  shim6: 140,
} as const;

/** Name of an extension header. */
export type ExtensionName = keyof typeof EXTENSION_HEADERS;

export function extensionLayer(name: ExtensionName, fields: ExtensionFields): Layer {
  const body = toBytes(fields.body ?? defaultBody(name));
  const header = new Uint8Array(Math.max(1, Math.ceil((body.length + 2) / 8)) * 8);
  const lengthOnWire = name === "authentication" ? header.length / 4 - 2 : header.length / 8 - 1;
  return {
    protocol: EXTENSION_HEADERS[name],
    encode(_inner, { next }) {
      const bytes = header.slice();
      bytes.set(body, 2);
      bytes[0] = fields.nextHeader ?? next?.protocol ?? NO_NEXT_HEADER;
      bytes[1] = fields.length ?? lengthOnWire;
      return bytes;
    },
  };
}

/** A PadN option where options are expected, zeros elsewhere. */
function defaultBody(name: ExtensionName): BytesLike {
  if (name === "authentication") return 14; // reserved, SPI, sequence number, 4 bytes of check value
  return name === "hopByHop" || name === "destinationOptions" ? [1, 4, 0, 0, 0, 0] : 6;
}

export function fragmentLayer(fields: FragmentFields): Layer {
  return {
    protocol: 44,
    encode(_inner, { next }) {
      const bytes = new Uint8Array(8);
      const view = new DataView(bytes.buffer);
      view.setUint8(0, fields.nextHeader ?? next?.protocol ?? NO_NEXT_HEADER);
      view.setUint16(2, ((fields.offset ?? 0) & 0xfff8) | (fields.moreFragments ? 1 : 0));
      view.setUint32(4, fields.identification ?? 1);
      return bytes;
    },
  };
}
