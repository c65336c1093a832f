import { ethernet, type Packet } from "@weir/testing";

/** Numbers that look random and are the same in each run: xorshift32 (Marsaglia, 2003). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** One packet for each way through the monitor. */
export const samples: readonly Packet[] = [
  ethernet().arp(),
  ethernet({ etherType: 0x0100 }).payload(50),
  ethernet({ etherType: 0x88cc }).payload(50),
  ethernet().ipv4().tcp().payload(20),
  ethernet().ipv4().udp().payload(20),
  ethernet().ipv4().icmp().payload(20),
  ethernet().ipv4({ protocol: 132 }).payload(30),
  ethernet()
    .ipv4({ options: new Uint8Array(12) })
    .tcp(),
  ethernet().ipv4({ moreFragments: true }).udp().payload(16),
  ethernet().ipv4({ fragmentOffset: 64, protocol: 17 }).payload(24),
  ethernet().vlan(5).ipv4().tcp(),
  ethernet().vlan({ id: 5, tpid: 0x88a8 }).vlan(6).ipv6().udp(),
  ethernet().vlan(1).vlan(2).vlan(3).ipv4().udp(),
  ethernet().ipv6().tcp().payload(10),
  ethernet().ipv6().udp().payload(10),
  ethernet().ipv6().icmpv6().payload(10),
  ethernet().ipv6().extension("hopByHop").extension("routing").udp(),
  ethernet().ipv6().extension("authentication").extension("destinationOptions").tcp(),
  ethernet().ipv6().extension("mobility").payload(16),
  ethernet().ipv6().fragment({ moreFragments: true }).udp().payload(16),
  ethernet().ipv6().fragment({ offset: 64 }).payload(24),
  ethernet().ipv6().fragment().extension("hopByHop").fragment({ moreFragments: true }).tcp(),
];

/** A sample with a few bytes changed, now and then cut off. */
export function randomFrame(random: (below: number) => number): Uint8Array {
  const sample = samples[random(samples.length)];
  if (sample === undefined) throw new Error("there are no samples");
  const frame = sample.toBytes();
  for (let changes = random(4); changes > 0; changes--) frame[random(frame.length)] = random(256);
  return random(4) === 0 ? frame.slice(0, Math.max(14, random(frame.length + 1))) : frame;
}
