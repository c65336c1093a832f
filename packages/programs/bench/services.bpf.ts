/**
 * The load balancer between two pieces that make test runs repeatable: before it the frame becomes that of another flow, after it
 * it is as before. `stage` says how much of it is there, so that the difference is what the balancer costs.
 */
import { be16, packed, struct, u8, u16, u32, u64 } from "@weir/bytecode/layout";
import {
  arrayMap,
  config,
  htons,
  XDP_DROP,
  XDP_PASS,
  type XdpAction,
  type XdpPacket,
  xdp,
} from "@weir/compiler/language";
import { balanceIpv4 } from "../src/kernel/balance/ipv4.bpf.ts";
import { BALANCE } from "../src/kernel/balance/maps.bpf.ts";
import { countFrame, frameLength, STATS } from "../src/kernel/frame.bpf.ts";

/** 0: nothing; 1: moves the head to and fro; 2: counts totals; 3: the balancer too. */
const stage = config("stage", u32, 3);
const flows = config("flows", u32, 10_000);

export const ROUND = arrayMap({ value: struct({ count: u64 }), maxEntries: 1 });

const Frame = packed({
  first: u32,
  second: u32,
  third: u32,
  etherType: be16,
  versionAndLength: u8,
  typeOfService: u8,
  totalLength: u16,
  identification: u16,
  fragment: u16,
  timeToLive: u8,
  protocol: u8,
  checksum: u16,
  source: u32,
  destination: u32,
  ports: u32,
});

const OUTER = 20;
const IPIP = 4;

function balance(packet: XdpPacket): XdpAction {
  const stats = STATS.lookup(0);
  const counts = BALANCE.lookup(0);
  if (stats === null || counts === null) return XDP_PASS;
  const length = frameLength(packet);
  countFrame(packet, stats, length, 0);
  if (stage < 3) return XDP_PASS;
  const verdict = balanceIpv4(packet, length, counts);
  counts.transmitted += 1;
  return verdict;
}

export const repeatable = xdp((packet) => {
  const round = ROUND.lookup(0);
  const frame = packet.at(Frame, 0);
  if (round === null || frame === null) return XDP_DROP;
  round.count += 1;
  // Flows one after the other, in an order that no cache line knows.
  const flow = ((round.count * 7919) as u32) % flows;
  frame.first = 0x0000_0002;
  frame.second = 0x0002_0200;
  frame.third = 0x0100_0000;
  frame.etherType = htons(0x0800);
  frame.source = 0x0064_00c0 + flow * 0x0100_0000;
  frame.ports = (frame.ports & 0xffff_0000) | (flow & 0xffff);
  frame.timeToLive = 64;
  let verdict: XdpAction = XDP_PASS;
  if (stage >= 2) verdict = balance(packet);
  if (stage === 1) {
    if (packet.adjustHead(-OUTER) !== 0 || packet.adjustHead(OUTER) !== 0) return XDP_DROP;
  } else if (stage === 3) {
    const after = packet.at(Frame, 0);
    if (after === null || (after.protocol === IPIP && packet.adjustHead(OUTER) !== 0)) return XDP_DROP;
  }
  return verdict;
});
