import { isIPv4, isIPv6, SocketAddress } from "node:net";
import type { SshSession } from "./ssh-session.ts";

/** A frame without whose like a machine cannot be reached. */
export interface GuardedFrame {
  readonly what: string;
  readonly bytes: Uint8Array;
}

const HERE = [2, 0, 0, 0, 0, 1];
const THERE = [2, 0, 0, 0, 0, 2];
const ALL = [255, 255, 255, 255, 255, 255];
const [TCP, UDP, ICMPV6] = [6, 17, 58];
const ACK = 0x10;
/** In none of the networks that lists of bogons have (RFC 6890). */
const [SERVER, CLIENT] = ["203.0.114.1", "203.0.114.2"];

/** Frames that have to come through: of the protocols that find neighbours and addresses, and of the session. */
export function guardedFrames(session: SshSession | undefined): readonly GuardedFrame[] {
  const others: GuardedFrame[] = [
    { what: "ARP", bytes: ethernet(ALL, 0x0806, arp(1)) },
    { what: "ARP", bytes: ethernet(HERE, 0x0806, arp(2)) },
    ...[133, 134, 135, 136].map((type) => ({ what: "neighbour discovery", bytes: discovery(type) })),
    { what: "DHCP", bytes: ethernet(HERE, 0x0800, ipv4(SERVER, CLIENT, UDP, udp(67, 68, dhcp()))) },
    { what: "DHCPv6", bytes: ethernet(HERE, 0x86dd, ipv6("fe80::1", "fe80::2", UDP, udp(547, 546, dhcpv6()))) },
  ];
  return session === undefined ? others : [...others, ...ofSession(session)];
}

function ofSession(session: SshSession): readonly GuardedFrame[] {
  const { source, destination } = session;
  const what = `your session from ${source} port ${session.sourcePort}`;
  const segment = tcp(session.sourcePort, session.destinationPort);
  if (isIPv4(source) && isIPv4(destination)) {
    return [{ what, bytes: ethernet(HERE, 0x0800, ipv4(source, destination, TCP, segment)) }];
  }
  if (!(isIPv6(source) && isIPv6(destination))) return [];
  return [{ what, bytes: ethernet(HERE, 0x86dd, ipv6(source, destination, TCP, segment)) }];
}

function ethernet(destination: readonly number[], type: number, payload: readonly number[]): Uint8Array {
  const bytes = [...destination, ...THERE, ...word(type), ...payload];
  // No frame on a wire is shorter.
  return Uint8Array.from([...bytes, ...zeros(Math.max(0, 60 - bytes.length))]);
}

const word = (value: number): readonly number[] => [value >> 8, value & 0xff];

/** RFC 826: a request (1) or a reply (2). */
function arp(operation: number): readonly number[] {
  return [0, 1, 8, 0, 6, 4, 0, operation, ...THERE, ...address4(SERVER), ...HERE, ...address4(CLIENT)];
}

/** RFC 4861: solicitations and advertisements of routers and neighbours. */
function discovery(type: number): Uint8Array {
  const isSolicitation = type === 133 || type === 135;
  const message = [type, 0, 0, 0, 0, 0, 0, 0, ...address6("fe80::2")];
  return ethernet(
    [0x33, 0x33, 0, 0, 0, 1],
    0x86dd,
    ipv6("fe80::1", isSolicitation ? "ff02::1" : "fe80::2", ICMPV6, message),
  );
}

function ipv4(source: string, destination: string, protocol: number, payload: readonly number[]): readonly number[] {
  const length = word(20 + payload.length);
  return [
    0x45,
    0,
    ...length,
    0,
    0,
    0,
    0,
    64,
    protocol,
    0,
    0,
    ...address4(source),
    ...address4(destination),
    ...payload,
  ];
}

const address4 = (text: string): readonly number[] => text.split(".").map(Number);

function ipv6(source: string, destination: string, next: number, payload: readonly number[]): readonly number[] {
  return [0x60, 0, 0, 0, ...word(payload.length), next, 255, ...address6(source), ...address6(destination), ...payload];
}

/** The 16 bytes of an address. */
function address6(text: string): readonly number[] {
  const { address } = new SocketAddress({ address: text, family: "ipv6" });
  const [head = "", tail = ""] = address.split("::");
  const groups = (part: string): readonly number[] =>
    part === ""
      ? []
      : part.split(":").flatMap((group) => (group.includes(".") ? dotted(group) : [Number.parseInt(group, 16)]));
  const [first, last] = [groups(head), groups(tail)];
  const missing = Array<number>(8 - first.length - last.length).fill(0);
  return [...first, ...missing, ...last].flatMap(word);
}

/** The last two groups, where they are written as an address of IPv4. */
function dotted(text: string): readonly number[] {
  const [one = 0, two = 0, three = 0, four = 0] = text.split(".").map(Number);
  return [one * 256 + two, three * 256 + four];
}

function udp(source: number, destination: number, payload: readonly number[]): readonly number[] {
  return [...word(source), ...word(destination), ...word(8 + payload.length), 0, 0, ...payload];
}

const zeros = (count: number): readonly number[] => Array<number>(count).fill(0);

/** RFC 2131: an offer of an address, as long as the shortest one. */
function dhcp(): readonly number[] {
  const [reply, ethernetAddress, sixBytes] = [2, 1, 6];
  const addresses = [...zeros(4), ...address4(CLIENT), ...address4(SERVER), ...zeros(4), ...HERE, ...zeros(10)];
  const names = zeros(64 + 128);
  const [cookie, isOffer, end] = [[99, 130, 83, 99], [53, 1, 2], 255];
  return [
    reply,
    ethernetAddress,
    sixBytes,
    0,
    ...zeros(8),
    ...addresses,
    ...names,
    ...cookie,
    ...isOffer,
    end,
    ...zeros(56),
  ];
}

/** RFC 8415: an advertisement with the identifiers of both sides, and an address. */
function dhcpv6(): readonly number[] {
  const identifier = (option: number, mac: readonly number[]) => [...word(option), 0, 10, 0, 3, 0, 1, ...mac];
  const address = [0, 5, 0, 24, ...address6("2001:db8::2"), ...zeros(8)];
  const association = [0, 3, ...word(12 + address.length), ...zeros(12), ...address];
  return [2, 0, 0, 1, ...identifier(1, HERE), ...identifier(2, THERE), ...association];
}

function tcp(source: number, destination: number): readonly number[] {
  return [...word(source), ...word(destination), 0, 0, 0, 1, 0, 0, 0, 1, 0x50, ACK, 1, 0, 0, 0, 0, 0];
}
