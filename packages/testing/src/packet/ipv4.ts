import { ipv4Bytes } from "./address.ts";
import { type BytesLike, padToMultiple, toBytes } from "./bytes.ts";
import { internetChecksum } from "./checksum.ts";
import type { Layer } from "./layer.ts";

/** An IPv4 header. Lengths and checksum are right unless given. */
export interface Ipv4Fields {
  readonly source?: string;
  readonly destination?: string;
  readonly protocol?: number;
  readonly timeToLive?: number;
  readonly typeOfService?: number;
  readonly identification?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In bytes; a multiple of 8. */
  readonly fragmentOffset?: number;
  /** Padded with "end of options" to a multiple of 4. */
  readonly options?: BytesLike;
  readonly version?: number;
  /** In 32-bit words, as on the wire. */
  readonly headerLength?: number;
  readonly totalLength?: number;
  readonly checksum?: number;
}

/** 253 is the protocol number for experiments (RFC 3692). */
const EXPERIMENTAL = 253;

export function ipv4Layer(fields: Ipv4Fields): Layer {
  const source = ipv4Bytes(fields.source ?? "192.0.2.1");
  const destination = ipv4Bytes(fields.destination ?? "192.0.2.2");
  return {
    etherType: 0x0800,
    protocol: 4,
    pseudoHeader: (protocol, length) => Uint8Array.of(...source, ...destination, 0, protocol, length >> 8, length),
    encode(inner, { next }) {
      const options = padToMultiple(toBytes(fields.options ?? 0), 4);
      const header = new Uint8Array(20 + options.length);
      const view = new DataView(header.buffer);
      const flags = (fields.dontFragment ? 0x4000 : 0) | (fields.moreFragments ? 0x2000 : 0);
      view.setUint8(0, ((fields.version ?? 4) << 4) | ((fields.headerLength ?? header.length / 4) & 15));
      view.setUint8(1, fields.typeOfService ?? 0);
      view.setUint16(2, fields.totalLength ?? header.length + inner.length);
      view.setUint16(4, fields.identification ?? 0);
      view.setUint16(6, flags | ((fields.fragmentOffset ?? 0) >> 3));
      view.setUint8(8, fields.timeToLive ?? 64);
      view.setUint8(9, fields.protocol ?? next?.protocol ?? EXPERIMENTAL);
      header.set(source, 12);
      header.set(destination, 16);
      header.set(options, 20);
      view.setUint16(10, fields.checksum ?? internetChecksum(header));
      return header;
    },
  };
}
