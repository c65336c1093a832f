import { internetChecksum } from "./checksum.ts";
import type { Layer } from "./layer.ts";

/** An ICMP or ICMPv6 header; an echo request unless `type` is given. The checksum is right unless given. */
export interface IcmpFields {
  readonly type?: number;
  readonly code?: number;
  readonly identifier?: number;
  readonly sequence?: number;
  readonly checksum?: number;
}

export function icmpLayer(version: 4 | 6, fields: IcmpFields): Layer {
  const protocol = version === 4 ? 1 : 58;
  return {
    protocol,
    encode(inner, { pseudoHeader }) {
      const header = new Uint8Array(8);
      const view = new DataView(header.buffer);
      view.setUint8(0, fields.type ?? (version === 4 ? 8 : 128));
      view.setUint8(1, fields.code ?? 0);
      view.setUint16(4, fields.identifier ?? 1);
      view.setUint16(6, fields.sequence ?? 1);
      // Only ICMPv6 covers the addresses too.
      const covered = version === 6 ? pseudoHeader?.(protocol, header.length + inner.length) : undefined;
      view.setUint16(2, fields.checksum ?? internetChecksum(covered ?? new Uint8Array(), header, inner));
      return header;
    },
  };
}
