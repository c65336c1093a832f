import { Random } from "@weir/laboratory";
import { ethernet, type Packet } from "@weir/testing";

/** Bytes that look random and are the same in every run. */
function noise(length: number, seed: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

const tcp = ethernet().ipv4({ source: "192.0.2.1" }).tcp({ destinationPort: 80 }).payload(noise(74, 1));
const udp = ethernet().ipv4().udp({ sourcePort: 7, destinationPort: 7 }).payload(noise(86, 2));
const udp6 = ethernet().ipv6().udp({ destinationPort: 53 }).payload(noise(66, 3));
/** No operations, timestamps, selective acknowledgement, a segment size. */
const options = Uint8Array.of(1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 4, 2, 3, 3, 7, 2, 4, 5, 180);

/** The packets that not all programs are timed with. */
const TIMED: Readonly<Record<string, Packet>> = {
  "ipv6-addresses": udp6,
  "ipv6-extensions": ethernet()
    .ipv6()
    .extension("hopByHop")
    .extension("routing")
    .extension("destinationOptions")
    .udp({ destinationPort: 53 })
    .payload(noise(40, 4)),
  reflect: udp,
  "tcp-options": ethernet().ipv4().tcp({ options }).payload(noise(40, 5)),
  tunnel: udp,
  "vlan-loop": ethernet().vlan({ id: 5, tpid: 0x88a8 }).vlan(6).ipv4().udp().payload(noise(60, 6)),
};

/** The packet that a program is timed with: most of them take an IPv4 packet of 128 bytes. */
export function timedFrame(name: string): Uint8Array {
  return (TIMED[name] ?? tcp).toBytes();
}

const samples: readonly [Packet, ...Packet[]] = [
  tcp,
  udp,
  udp6,
  ...Object.values(TIMED),
  ethernet().arp(),
  ethernet().vlan(5).ipv4().udp({ destinationPort: 7 }).payload(noise(60, 7)),
  ethernet()
    .ipv4({ options: new Uint8Array(12) })
    .tcp(),
  ethernet().ipv4({ protocol: 4 }).payload(noise(60, 8)),
  ethernet().ipv4({ source: "192.0.99.1" }).udp().payload(noise(30, 9)),
  ethernet().ipv4({ fragmentOffset: 64, protocol: 17 }).payload(noise(60, 10)),
  ethernet().ipv6().tcp().payload(noise(80, 11)),
  ethernet().ipv6().extension("authentication").udp().payload(noise(40, 12)),
  ethernet().payload(noise(114, 13)),
];

/** Packets to compare programs by: each sample whole and cut off, and with bytes changed. */
export function comparedFrames(count: number): Uint8Array[] {
  const random = new Random(0x5eed);
  const whole = samples.map((sample) => sample.toBytes());
  const changed = Array.from({ length: count }, () => {
    const frame = random.pick(samples).toBytes();
    for (let changes = random.below(6); changes > 0; changes--) frame[random.below(frame.length)] = random.below(256);
    return random.chance(30) ? frame.slice(0, Math.max(14, random.below(frame.length))) : frame;
  });
  return [...whole, ...changed];
}
