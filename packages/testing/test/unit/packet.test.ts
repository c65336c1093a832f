import { describe, expect, test } from "vitest";
import { ethernet } from "../../src/index.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const ETHERNET = "020000000002020000000001";

describe("a packet", () => {
  test("announces each layer in the one before and has right lengths and checksums", () => {
    const frame = ethernet().vlan(5).ipv4({ source: "192.0.2.3" }).udp({ destinationPort: 53 }).payload("hi").toBytes();
    expect(hex(frame)).toBe(`${ETHERNET}8100000508004500001e000000004011f6c9c0000203c0000202c0000035000a53356869`);
    expect(onesSum(frame.slice(18, 38))).toBe(0xffff);
    expect(onesSum(concat("c0000203c0000202", "0011000a", hex(frame.slice(38))))).toBe(0xffff);
  });

  test("does not change when a layer is added", () => {
    const base = ethernet().ipv4();
    const before = hex(base.toBytes());
    base.tcp();
    expect(hex(base.toBytes())).toBe(before);
  });

  test("pads IPv4 options and counts them in the header length", () => {
    const frame = ethernet()
      .ipv4({ options: [7, 3, 4] })
      .udp()
      .toBytes();
    expect(frame[14]).toBe(0x46);
    expect(hex(frame.slice(34, 38))).toBe("07030400");
    expect(onesSum(frame.slice(14, 38))).toBe(0xffff);
  });

  test("writes IPv4 fragments", () => {
    const later = ethernet().ipv4({ fragmentOffset: 1480, protocol: 17 }).payload(8).toBytes();
    expect(hex(later.slice(20, 24))).toBe("00b94011");
    const first = ethernet().ipv4({ moreFragments: true }).udp().payload(8).toBytes();
    expect(hex(first.slice(20, 22))).toBe("2000");
  });

  test("chains IPv6 extension headers", () => {
    const frame = ethernet()
      .ipv6()
      .extension("hopByHop")
      .extension("authentication")
      .fragment({ moreFragments: true })
      .udp()
      .toBytes();
    expect(frame[20]).toBe(0);
    expect(hex(frame.slice(54, 62))).toBe("3300010400000000");
    expect(hex(frame.slice(62, 64))).toBe("2c02");
    expect(hex(frame.slice(78, 86))).toBe("1100000100000001");
    expect(hex(frame.slice(18, 20))).toBe("0028");
  });

  test("covers the addresses in TCP and ICMPv6 checksums, not in ICMP", () => {
    const tcp = ethernet()
      .ipv6()
      .tcp({ flags: ["syn", "ack"] })
      .payload("x")
      .toBytes();
    expect(onesSum(concat(hex(tcp.slice(22, 54)), "0000001500000006", hex(tcp.slice(54))))).toBe(0xffff);
    const icmpv6 = ethernet().ipv6().icmpv6().toBytes();
    expect(onesSum(concat(hex(icmpv6.slice(22, 54)), "000000080000003a", hex(icmpv6.slice(54))))).toBe(0xffff);
    expect(onesSum(ethernet().ipv4().icmp().toBytes().slice(34))).toBe(0xffff);
  });

  test("can be wrong on request", () => {
    const frame = ethernet({ etherType: 0x0800 })
      .ipv4({ version: 5, headerLength: 3, totalLength: 7, checksum: 1, protocol: 6 })
      .udp({ length: 3 });
    expect(hex(frame.toBytes().slice(12, 26))).toBe("0800530000070000000040060001");
    expect(hex(frame.toBytes().slice(38, 40))).toBe("0003");
  });

  test("can be cut and padded", () => {
    const packet = ethernet().ipv4().tcp();
    expect(packet.toBytes()).toHaveLength(54);
    expect(packet.truncatedTo(20)).toEqual(packet.toBytes().slice(0, 20));
    expect(hex(packet.paddedTo(60).slice(54))).toBe("000000000000");
  });

  test("asks and answers by ARP", () => {
    const reply = ethernet().arp({ operation: "reply", sender: "192.0.2.9" }).toBytes();
    expect(hex(reply.slice(12))).toBe("0806000108000604000202000000000" + "1c0000209000000000000c0000202");
  });

  test.each(["1.2.3", "256.0.0.1", "010.0.0.1"])("refuses %s as an IPv4 address", (source) => {
    expect(() => ethernet().ipv4({ source })).toThrow(`"${source}" is not an IPv4 address`);
  });

  test.each(["1::2::3", "12345::", "::1:2:3:4:5:6:7:8:9"])("refuses %s as an IPv6 address", (source) => {
    expect(() => ethernet().ipv6({ source })).toThrow(`"${source}" is not an IPv6 address`);
  });

  test("reads IPv6 addresses with a dotted tail", () => {
    const frame = ethernet().ipv6({ source: "::ffff:192.0.2.1" }).toBytes();
    expect(hex(frame.slice(22, 38))).toBe("00000000000000000000ffffc0000201");
  });
});

/** The one's complement sum: all ones where a checksum inside is right. */
function onesSum(bytes: Uint8Array): number {
  const padded = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
  let sum = 0;
  for (let offset = 0; offset < padded.length; offset += 2) sum += padded.readUInt16BE(offset);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

function concat(...parts: readonly string[]): Uint8Array {
  return Buffer.from(parts.join(""), "hex");
}
