// Ring buffer sampling: of every so many packets one goes to user space, with its ends and its first bytes.
import { array, be16, be32, bytes, struct, u8, u32, u64 } from "@weir/bytecode/layout";
import {
  BPF_RB_NO_WAKEUP,
  config,
  htons,
  perCpuArrayMap,
  ringBuffer,
  XDP_ABORTED,
  XDP_PASS,
  xdp,
} from "@weir/compiler/language";
import { Ethernet, Ipv4, Udp } from "../headers.ts";

const every = config("every", u32, 16);

const Counters = struct({ packets: u64, sampled: u64, lost: u64 });
const Sample = struct({
  source: be32,
  destination: be32,
  sourcePort: be16,
  destinationPort: be16,
  protocol: u8,
  unused: bytes(3),
  length: u32,
  unusedToo: u32,
  start: array(u64, 4),
});
const Start = struct({ start: array(u64, 4) });
export const SAMPLES = ringBuffer({ size: 1_048_576 });
export const COUNTERS = perCpuArrayMap({ value: Counters, maxEntries: 1 });

export const program = xdp((packet) => {
  const counters = COUNTERS.lookup(0);
  if (counters === null) return XDP_ABORTED;
  counters.packets += 1;
  if (counters.packets % every !== 0) return XDP_PASS;
  const ethernet = packet.at(Ethernet, 0);
  if (ethernet === null) return XDP_ABORTED;
  if (ethernet.type !== htons(0x0800)) return XDP_PASS;
  const ip = packet.at(Ipv4, 14);
  const ports = packet.at(Udp, 34);
  const start = packet.at(Start, 0);
  if (ip === null || ports === null || start === null) return XDP_PASS;
  const sample = SAMPLES.reserve(Sample);
  if (sample === null) {
    counters.lost += 1;
    return XDP_PASS;
  }
  sample.source = ip.source;
  sample.destination = ip.destination;
  sample.sourcePort = ports.source;
  sample.destinationPort = ports.destination;
  sample.protocol = ip.protocol;
  sample.unused[0] = 0;
  sample.unused[1] = 0;
  sample.unused[2] = 0;
  sample.length = packet.length;
  sample.unusedToo = 0;
  for (let index: u32 = 0; index < 4; index += 1) sample.start[index] = start.start[index];
  SAMPLES.submit(sample, BPF_RB_NO_WAKEUP);
  counters.sampled += 1;
  return XDP_PASS;
});
