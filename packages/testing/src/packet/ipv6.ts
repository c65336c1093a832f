import { ipv6Bytes } from "./address.ts";
import type { Layer } from "./layer.ts";

/** An IPv6 header. The payload length is right unless given. */
export interface Ipv6Fields {
  readonly source?: string;
  readonly destination?: string;
  readonly nextHeader?: number;
  readonly hopLimit?: number;
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  readonly version?: number;
  readonly payloadLength?: number;
}

/** "No next header" (RFC 8200, 4.7). */
export const NO_NEXT_HEADER = 59;

export function ipv6Layer(fields: Ipv6Fields): Layer {
  const source = ipv6Bytes(fields.source ?? "2001:db8::1");
  const destination = ipv6Bytes(fields.destination ?? "2001:db8::2");
  return {
    etherType: 0x86dd,
    protocol: 41,
    pseudoHeader(protocol, length) {
      const bytes = new Uint8Array(40);
      bytes.set(source, 0);
      bytes.set(destination, 16);
      new DataView(bytes.buffer).setUint32(32, length);
      bytes[39] = protocol;
      return bytes;
    },
    encode(inner, { next }) {
      const header = new Uint8Array(40);
      const view = new DataView(header.buffer);
      const first =
        ((fields.version ?? 6) << 28) | ((fields.trafficClass ?? 0) << 20) | ((fields.flowLabel ?? 0) & 0xfffff);
      view.setUint32(0, first);
      view.setUint16(4, fields.payloadLength ?? inner.length);
      view.setUint8(6, fields.nextHeader ?? next?.protocol ?? NO_NEXT_HEADER);
      view.setUint8(7, fields.hopLimit ?? 64);
      header.set(source, 8);
      header.set(destination, 24);
      return header;
    },
  };
}
