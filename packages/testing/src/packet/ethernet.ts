import { macBytes } from "./address.ts";
import { concatenate } from "./bytes.ts";
import type { Layer } from "./layer.ts";

/** An Ethernet header. `etherType` below 0x600 is an 802.3 length. */
export interface EthernetFields {
  readonly destination?: string;
  readonly source?: string;
  readonly etherType?: number;
}

/** A VLAN tag; `tpid` is 0x8100 (default) or 0x88a8 for the outer tag of QinQ. */
export interface VlanFields {
  readonly id?: number;
  readonly priority?: number;
  readonly dropEligible?: boolean;
  readonly tpid?: number;
  readonly etherType?: number;
}

/** 0x88b5 is the EtherType for local experiments (IEEE 802): what stands behind it is nobody's protocol. */
const EXPERIMENTAL = 0x88b5;

export function ethernetLayer(fields: EthernetFields): Layer {
  return {
    encode(_inner, { next }) {
      const etherType = fields.etherType ?? next?.etherType ?? EXPERIMENTAL;
      return concatenate(
        macBytes(fields.destination ?? "02:00:00:00:00:02"),
        macBytes(fields.source ?? "02:00:00:00:00:01"),
        Uint8Array.of(etherType >> 8, etherType),
      );
    },
  };
}

export function vlanLayer(fields: VlanFields): Layer {
  return {
    etherType: fields.tpid ?? 0x8100,
    encode(_inner, { next }) {
      const control = ((fields.priority ?? 0) << 13) | (fields.dropEligible ? 0x1000 : 0) | ((fields.id ?? 0) & 0xfff);
      const etherType = fields.etherType ?? next?.etherType ?? EXPERIMENTAL;
      return Uint8Array.of(control >> 8, control, etherType >> 8, etherType);
    },
  };
}
