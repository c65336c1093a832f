import type { FrameEnds, LoggedFrame, UnloggedFrames } from "@weir/engine";
import { toJson } from "@weir/engine/json";
import { printable } from "../text/printable.ts";
import { plural } from "../text/units.ts";
import { endpointText } from "./endpoint.ts";

/** Names of payloads that are not IP (IEEE 802 numbers). */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0x0800, "ipv4"],
  [0x0806, "arp"],
  [0x86dd, "ipv6"],
]);
/** Below it the field is a length (IEEE 802.3, clause 3.2.6). */
const FIRST_ETHERTYPE = 0x0600;

/** `2026-11-29T23:40:10.123456789Z drop telnet tcp 192.0.2.7:40000 > 192.0.2.1:23 60 B`. */
export function loggedFrameLine({ time, rule, verdict, length, ends }: LoggedFrame): string {
  return `${timeText(time)} ${verdict} ${printable(rule)} ${endsText(ends)} ${length} B`;
}

/** The same as an object, with the frame's first bytes in hexadecimal digits. */
export function loggedFrameJson({ time, rule, verdict, length, bytes, ends }: LoggedFrame): string {
  return toJson({ time: timeText(time), rule, verdict, length, ...ends, bytes: Buffer.from(bytes).toString("hex") });
}

/** What was shown, and what rules matched besides and did not log meanwhile. */
export function logSummary(name: string, shown: number, { over, noRoom }: UnloggedFrames): string {
  return `weir: ${printable(name)}: ${plural(shown, "frame")}; not logged meanwhile: ${over} above the rate of their rule, ${noRoom} for which the buffer had no room`;
}

function timeText(time: bigint): string {
  const nanoseconds = String(time % 1_000_000_000n).padStart(9, "0");
  return `${new Date(Number(time / 1_000_000_000n) * 1000).toISOString().slice(0, -5)}.${nanoseconds}Z`;
}

function endsText(ends: FrameEnds | undefined): string {
  if (ends === undefined) return "ethernet";
  const { etherType, protocol, source, destination, sourcePort, destinationPort } = ends;
  if (protocol === undefined || source === undefined || destination === undefined) return payloadName(etherType);
  return `${protocol.name} ${endpointText(source, sourcePort)} > ${endpointText(destination, destinationPort)}`;
}

function payloadName(etherType: number): string {
  if (etherType < FIRST_ETHERTYPE) return "802.3";
  return NAMES.get(etherType) ?? `0x${etherType.toString(16).padStart(4, "0")}`;
}
