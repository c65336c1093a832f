import type { Decoded } from "@weir/bytecode/layout";
import { DELIVERY_IP6IP6, DELIVERY_IPIP, DELIVERY_MAC, DELIVERY_NONE, type Delivery } from "@weir/programs";
import type { IpAddress } from "./ip-address.ts";

/** Where packets go next: an interface and hardware addresses. */
export interface NextHop {
  /** 0: the interface that they came in on. */
  readonly interface: number;
  readonly sourceMac: Uint8Array;
  readonly destinationMac: Uint8Array;
  /** Bytes of an IP packet that gets through. */
  readonly mtu: number;
}

const OUTER_HEADER = { 4: 20, 6: 40 } as const;

/** A packet as it is, to a neighbour. */
export function macDelivery(hop: NextHop): Decoded<typeof Delivery> {
  return delivery(DELIVERY_MAC, hop, hop.mtu);
}

/** A packet in another one, from `source` to the backend. */
export function tunnelDelivery(hop: NextHop, source: IpAddress, backend: IpAddress): Decoded<typeof Delivery> {
  const kind = backend.family === 4 ? DELIVERY_IPIP : DELIVERY_IP6IP6;
  return {
    ...delivery(kind, hop, hop.mtu - OUTER_HEADER[backend.family]),
    outerSum: backend.family === 4 ? outerSum(source, backend) : 0,
    sourceHigh: source.high,
    sourceLow: source.low,
    destinationHigh: backend.high,
    destinationLow: backend.low,
  };
}

/** No way. */
export function noDelivery(): Decoded<typeof Delivery> {
  const nowhere = new Uint8Array(6);
  return delivery(DELIVERY_NONE, { interface: 0, sourceMac: nowhere, destinationMac: nowhere, mtu: 0 }, 0);
}

/** IPv4 headers have at most 65,535 bytes: no way is wider than that. */
const LARGEST = 65_535 - 40;

function delivery(kind: number, hop: NextHop, mtu: number): Decoded<typeof Delivery> {
  const addresses = Buffer.concat([hop.destinationMac, hop.sourceMac]);
  return {
    kind,
    interface: hop.interface,
    mtu: Math.min(mtu, LARGEST),
    outerSum: 0,
    ethernet: [0, 4, 8].map((offset) => addresses.readUInt32LE(offset)),
    reserved: 0,
    sourceHigh: 0n,
    sourceLow: 0n,
    destinationHigh: 0n,
    destinationLow: 0n,
  };
}

/** The words of the outer header that never change: version and length, don't fragment, TTL 64 and protocol 4, both addresses. */
function outerSum(source: IpAddress, destination: IpAddress): number {
  const words = Buffer.from([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 4, 0, 0, ...source.bytes, ...destination.bytes]);
  let sum = 0;
  for (let offset = 0; offset < words.length; offset += 2) sum += words.readUInt16LE(offset);
  return sum;
}
