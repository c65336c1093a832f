import { be16, bytes, struct } from "@weir/bytecode/layout";

/** IEEE 802.3, clause 3.2. */
export const EthernetHeader = struct({ destination: bytes(6), source: bytes(6), etherType: be16 });

/** What follows the EtherType of a tag (IEEE 802.1Q, clause 9.6). */
export const VlanTag = struct({ control: be16, etherType: be16 });
