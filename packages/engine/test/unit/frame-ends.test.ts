import { ethernet } from "@weir/testing";
import { expect, test } from "vitest";
import { frameEnds } from "../../src/rules/log/frame-ends.ts";

const IPV4 = { source: "192.0.2.7", destination: "198.51.100.9" };
const IPV6 = { source: "2001:db8::7", destination: "2001:db8::9" };
const PORTS = { sourcePort: 40_000, destinationPort: 53 };
const UDP = { number: 17, name: "udp" };
const TCP = { number: 6, name: "tcp" };

test.each([
  ["IPv4 with ports", ethernet().ipv4(IPV4).udp(PORTS), { etherType: 0x0800, protocol: UDP, ...IPV4, ...PORTS }],
  ["IPv6 with ports", ethernet().ipv6(IPV6).tcp(PORTS), { etherType: 0x86dd, protocol: TCP, ...IPV6, ...PORTS }],
  [
    "what is behind two tags",
    ethernet().vlan(7).vlan(8).ipv4(IPV4).tcp(PORTS),
    { etherType: 0x0800, protocol: TCP, ...IPV4, ...PORTS },
  ],
  [
    "no ports of ICMP",
    ethernet().ipv4(IPV4).icmp(),
    { etherType: 0x0800, protocol: { number: 1, name: "icmp" }, ...IPV4 },
  ],
  [
    "no ports in a later fragment",
    ethernet()
      .ipv4({ ...IPV4, fragmentOffset: 8 })
      .udp(PORTS),
    { etherType: 0x0800, protocol: UDP, ...IPV4 },
  ],
  ["no more than the type of ARP", ethernet().arp(), { etherType: 0x0806 }],
] as const)("the ends of a frame: %s", (_, packet, expected) => {
  expect(frameEnds(packet.toBytes())).toEqual(expected);
});

test("of a frame that ends early, what there is", () => {
  const packet = ethernet().vlan(7).ipv4(IPV4).udp(PORTS);
  expect(frameEnds(packet.truncatedTo(16))).toBeUndefined();
  expect(frameEnds(packet.truncatedTo(18))).toEqual({ etherType: 0x0800 });
  expect(frameEnds(packet.truncatedTo(37))).toEqual({ etherType: 0x0800 });
  expect(frameEnds(packet.truncatedTo(38))).toEqual({ etherType: 0x0800, protocol: UDP, ...IPV4 });
  expect(frameEnds(packet.truncatedTo(41))).toEqual({ etherType: 0x0800, protocol: UDP, ...IPV4 });
  expect(frameEnds(packet.truncatedTo(42))).toEqual({ etherType: 0x0800, protocol: UDP, ...IPV4, ...PORTS });
});
