import { internetChecksum } from "./checksum.ts";
import type { Layer } from "./layer.ts";

/** A UDP header. Length and checksum are right unless given. */
export interface UdpFields {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly length?: number;
  readonly checksum?: number;
}

export function udpLayer(fields: UdpFields): Layer {
  return {
    protocol: 17,
    encode(inner, { pseudoHeader }) {
      const header = new Uint8Array(8);
      const view = new DataView(header.buffer);
      view.setUint16(0, fields.sourcePort ?? 49152);
      view.setUint16(2, fields.destinationPort ?? 53);
      view.setUint16(4, fields.length ?? header.length + inner.length);
      const pseudo = pseudoHeader?.(17, header.length + inner.length) ?? new Uint8Array();
      // A sum of zero is sent as all ones, because zero means "no checksum" (RFC 768).
      view.setUint16(6, fields.checksum ?? (internetChecksum(pseudo, header, inner) || 0xffff));
      return header;
    },
  };
}
