import { ethernet } from "@weir/testing";

const DESTINATIONS = { 4: "198.51.100.7", 6: "2001:db8::7" } as const;

/** Bytes of each frame of a flow: another number for each of the first thousand. */
export function lengthOf(number: number): number {
  return 100 + number;
}

/** Of IPv4 and of IPv6, by turns: of some all words of the key differ from those of the next, of others only one. */
export function frameOf(number: number): Uint8Array {
  const ports = { sourcePort: 1024 + (number >> 3), destinationPort: 53 };
  const low = number & 7;
  const packet =
    number % 2 === 0
      ? ethernet().ipv4({ source: `192.0.2.${low}`, destination: DESTINATIONS[4] })
      : ethernet().ipv6({ source: `2001:db8::${low}`, destination: DESTINATIONS[6] });
  const frame = new Uint8Array(lengthOf(number));
  frame.set(packet.udp(ports).toBytes());
  return frame;
}

/** The number of the flow with these ends; undefined where none has them. */
export function numberOf(row: {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}): number | undefined {
  const isIpv6 = row.source.includes(":");
  const low = Number(row.source.split(isIpv6 ? "::" : ".").at(-1) || 0);
  const number = ((row.sourcePort - 1024) << 3) | low;
  const isOne = row.destination === DESTINATIONS[isIpv6 ? 6 : 4] && row.destinationPort === 53 && number >= 0;
  return isOne && low < 8 && (number % 2 === 1) === isIpv6 ? number : undefined;
}
