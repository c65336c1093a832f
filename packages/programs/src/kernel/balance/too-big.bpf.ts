/** Answers to packets that are larger than what gets to their backend. */
import { be16, be32, type i32, packed, u8, u16, u32, u64, type Value } from "@weir/bytecode/layout";
import { htonl, htons, subprogram, XDP_DROP, XDP_TX, type XdpAction, type XdpPacket } from "@weir/compiler/language";
import type { BalanceStats } from "../../records/balance.ts";
import { EthernetWords } from "../../records/frame.ts";
import { checksum, swapped } from "./checksum.bpf.ts";
import { connectionTime } from "./connections.bpf.ts";
import { tooBigAnswers } from "./settings.bpf.ts";

type Counts = Value<typeof BalanceStats>;

const ETHERNET = 14;
const LIFETIME = 64;

/** As much of the packet as makes an answer of 576 bytes (RFC 1812, section 4.3.2.3). */
const QUOTED = 548;
const BEFORE_QUOTE = 28;
/** As much of it as makes one of 1,280 (RFC 4443, section 3.2). */
const QUOTED6 = 1232;
const BEFORE_QUOTE6 = 48;

const Answer = packed({
  first: u32,
  second: u32,
  third: u32,
  etherType: be16,
  versionAndLength: u8,
  typeOfService: u8,
  totalLength: be16,
  identification: u16,
  fragment: u16,
  timeToLive: u8,
  protocol: u8,
  checksum: u16,
  source: u32,
  destination: u32,
  type: u8,
  code: u8,
  icmpChecksum: u16,
  unused: u16,
  mtu: be16,
});

const Answer6 = packed({
  first: u32,
  second: u32,
  third: u32,
  etherType: be16,
  flow: be32,
  payloadLength: be16,
  nextHeader: u8,
  hopLimit: u8,
  sourceHigh: u64,
  sourceLow: u64,
  destinationHigh: u64,
  destinationLow: u64,
  type: u8,
  code: u8,
  icmpChecksum: u16,
  mtu: be32,
});

const Word = packed({ value: u32 });

/** Whether another sender may be told now. */
export function mayAnswer(counts: Counts): boolean {
  const time = connectionTime();
  if (counts.answer_time !== time) {
    counts.answer_time = time;
    counts.answers = 0;
  }
  if (counts.answers >= tooBigAnswers) return false;
  counts.answers += 1;
  return true;
}

/** Adds up the words of the packet from an offset on, for a checksum. */
const sumOf = subprogram((packet: XdpPacket, from: u32, bytes: u32): u64 => {
  let sum: u64 = 0;
  for (let offset: u32 = 0; offset < bytes; offset += 4) {
    const word = packet.at(Word, from + offset);
    if (word === null) break;
    sum += word.value;
  }
  return sum;
});

/** The two 32-bit halves of a word, for a checksum. */
function halves(word: u64): u64 {
  return (word & 0xffff_ffff) + (word >> 32);
}

/** Whether the packet is long enough to be quoted: then its answer is shorter than it is. */
export function isQuotable(length: u32): boolean {
  return length >= ETHERNET + QUOTED;
}

export function isQuotable6(length: u32): boolean {
  return length >= ETHERNET + QUOTED6;
}

/** Whether an IPv4 address, as it lies in the packet, is one host's: others must not be answered (RFC 1812, section 4.3.2.7). */
export function isHost(address: u64): boolean {
  const first = address & 0xff;
  return first !== 0 && first !== 127 && first < 224;
}

/** The same of an IPv6 address (RFC 4443, section 2.4 e): not multicast, and neither the unspecified one nor loopback. */
export function isHost6(high: u64, low: u64): boolean {
  return (high & 0xff) !== 0xff && (high !== 0 || (low & 0x00ff_ffff) !== 0);
}

/** "Fragmentation needed" (RFC 792, RFC 1191) from the service's address to the sender. @param addresses sender, service */
export function answerTooBig(packet: XdpPacket, addresses: u64, mtu: u32, length: u32): XdpAction {
  const frame = packet.at(EthernetWords, 0);
  if (frame === null) return XDP_DROP;
  const first = frame.first;
  const second = frame.second;
  const third = frame.third;
  if (packet.adjustTail((ETHERNET + QUOTED - length) as i32) !== 0) return XDP_DROP;
  if (packet.adjustHead(-BEFORE_QUOTE) !== 0) return XDP_DROP;
  const answer = packet.at(Answer, 0);
  if (answer === null) return XDP_DROP;
  // Back where it came from.
  answer.first = (second >> 16) | (third << 16);
  answer.second = (third >> 16) | (first << 16);
  answer.third = (first >> 16) | (second << 16);
  answer.etherType = htons(0x0800);
  answer.versionAndLength = 0x45;
  answer.typeOfService = 0;
  answer.totalLength = htons(BEFORE_QUOTE + QUOTED);
  answer.identification = 0;
  answer.fragment = 0x0040;
  answer.timeToLive = LIFETIME;
  answer.protocol = 1;
  answer.source = (addresses >> 32) as u32;
  answer.destination = addresses as u32;
  const constant: u64 = 0x0045 + swapped(BEFORE_QUOTE + QUOTED) + 0x0040 + (LIFETIME | (1 << 8));
  answer.checksum = checksum(constant + halves(addresses));
  answer.type = 3;
  answer.code = 4;
  answer.unused = 0;
  answer.mtu = htons(mtu as u16);
  const quoted = sumOf(packet, ETHERNET + BEFORE_QUOTE, QUOTED);
  const again = packet.at(Answer, 0);
  if (again === null) return XDP_DROP;
  again.icmpChecksum = checksum(quoted + 0x0403 + swapped(mtu));
  return XDP_TX;
}

/** "Packet too big" (RFC 4443, section 3.2) from the service's address to the sender. */
export function answerTooBig6(
  packet: XdpPacket,
  senderHigh: u64,
  senderLow: u64,
  serviceHigh: u64,
  serviceLow: u64,
  mtu: u32,
  length: u32,
): XdpAction {
  const frame = packet.at(EthernetWords, 0);
  if (frame === null) return XDP_DROP;
  const first = frame.first;
  const second = frame.second;
  const third = frame.third;
  if (packet.adjustTail((ETHERNET + QUOTED6 - length) as i32) !== 0) return XDP_DROP;
  if (packet.adjustHead(-BEFORE_QUOTE6) !== 0) return XDP_DROP;
  const answer = packet.at(Answer6, 0);
  if (answer === null) return XDP_DROP;
  answer.first = (second >> 16) | (third << 16);
  answer.second = (third >> 16) | (first << 16);
  answer.third = (first >> 16) | (second << 16);
  answer.etherType = htons(0x86dd);
  answer.flow = htonl(0x6000_0000);
  answer.payloadLength = htons(8 + QUOTED6);
  answer.nextHeader = 58;
  answer.hopLimit = LIFETIME;
  answer.sourceHigh = serviceHigh;
  answer.sourceLow = serviceLow;
  answer.destinationHigh = senderHigh;
  answer.destinationLow = senderLow;
  answer.type = 2;
  answer.code = 0;
  answer.mtu = htonl(mtu);
  const quoted = sumOf(packet, ETHERNET + BEFORE_QUOTE6, QUOTED6);
  const again = packet.at(Answer6, 0);
  if (again === null) return XDP_DROP;
  // With the addresses, the length and the protocol (RFC 8200, section 8.1).
  const pseudo: u64 =
    halves(senderHigh) +
    halves(senderLow) +
    halves(serviceHigh) +
    halves(serviceLow) +
    swapped(8 + QUOTED6) +
    (58 << 8);
  again.icmpChecksum = checksum(quoted + pseudo + 0x0002 + swapped(mtu));
  return XDP_TX;
}
