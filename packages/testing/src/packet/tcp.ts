import { type BytesLike, padToMultiple, toBytes } from "./bytes.ts";
import { internetChecksum } from "./checksum.ts";
import type { Layer } from "./layer.ts";

/** A TCP header. Data offset and checksum are right unless given. */
export interface TcpFields {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly flags?: readonly TcpFlag[];
  readonly window?: number;
  readonly urgentPointer?: number;
  /** Padded with "end of options" to a multiple of 4. */
  readonly options?: BytesLike;
  /** In 32-bit words, as on the wire. */
  readonly dataOffset?: number;
  readonly checksum?: number;
}

const FLAGS = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

/** Name of a TCP flag. */
export type TcpFlag = keyof typeof FLAGS;

export function tcpLayer(fields: TcpFields): Layer {
  return {
    protocol: 6,
    encode(inner, { pseudoHeader }) {
      const options = padToMultiple(toBytes(fields.options ?? 0), 4);
      const header = new Uint8Array(20 + options.length);
      const view = new DataView(header.buffer);
      view.setUint16(0, fields.sourcePort ?? 49152);
      view.setUint16(2, fields.destinationPort ?? 80);
      view.setUint32(4, fields.sequence ?? 1);
      view.setUint32(8, fields.acknowledgement ?? 0);
      view.setUint8(12, ((fields.dataOffset ?? header.length / 4) & 15) << 4);
      view.setUint8(
        13,
        (fields.flags ?? ["syn"]).reduce((bits, flag) => bits | FLAGS[flag], 0),
      );
      view.setUint16(14, fields.window ?? 65535);
      view.setUint16(18, fields.urgentPointer ?? 0);
      header.set(options, 20);
      const pseudo = pseudoHeader?.(6, header.length + inner.length) ?? new Uint8Array();
      view.setUint16(16, fields.checksum ?? internetChecksum(pseudo, header, inner));
      return header;
    },
  };
}
