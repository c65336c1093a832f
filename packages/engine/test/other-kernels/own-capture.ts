import { type FrameTruth, Random } from "@weir/laboratory";
import { ethernet } from "@weir/testing";

/** A frame of a capture of our own, and what is to be found in it. */
export interface OwnFrame {
  readonly bytes: Uint8Array;
  readonly truth: FrameTruth;
}

/** What a capture is made of when others' captures are not there: frames of every kind, the same ones for the same seed. */
export function ownFrames(seed: number, count: number): OwnFrame[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => ownFrame(random));
}

function ownFrame(random: Random): OwnFrame {
  const vlanTags = random.below(3);
  let head = ethernet();
  for (let tag = 0; tag < vlanTags; tag++) head = head.vlan(1 + random.below(100));
  if (random.chance(5)) return frame(head.arp().toBytes(), { class: "arp", vlanTags });

  const version = random.pick([4, 6] as const);
  const host = 1 + random.below(200);
  const [source, destination] =
    version === 4 ? [`192.0.2.${host}`, "198.51.100.1"] : [`2001:db8::${host.toString(16)}`, "2001:db8::ffff"];
  const ip = version === 4 ? head.ipv4({ source, destination }) : head.ipv6({ source, destination });
  const payload = new Uint8Array(random.below(1200));
  const found = { class: `ipv${version}`, vlanTags };
  if (random.chance(10)) {
    const bytes = (version === 4 ? ip.icmp() : ip.icmpv6()).payload(payload).toBytes();
    const protocol = version === 4 ? 1 : 58;
    return frame(bytes, { ...found, protocol, connection: `${protocol} ${source} 0 ${destination} 0 noport` });
  }
  const ports = { sourcePort: 1024 + random.below(8), destinationPort: random.pick([53, 80, 443]) };
  const [layered, protocol] = random.pick([
    [ip.tcp(ports), 6],
    [ip.udp(ports), 17],
  ] as const);
  const ends = `${source} ${ports.sourcePort} ${destination} ${ports.destinationPort}`;
  return frame(layered.payload(payload).toBytes(), { ...found, protocol, connection: `${protocol} ${ends} l4` });
}

function frame(
  bytes: Uint8Array,
  truth: Pick<FrameTruth, "class" | "vlanTags"> & Partial<Pick<FrameTruth, "protocol" | "connection">>,
): OwnFrame {
  const { protocol, connection, ...rest } = truth;
  return {
    bytes,
    truth: { ...rest, protocol, connection, length: bytes.length, originalLength: bytes.length, flags: [] },
  };
}
