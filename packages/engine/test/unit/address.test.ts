import fc from "fast-check";
import { expect, test } from "vitest";
import { ipv4Text, ipv6Text } from "../../src/text/address.ts";

function ipv6Of(...groups: number[]): string {
  const view = new DataView(new ArrayBuffer(16));
  for (const [index, group] of groups.entries()) view.setUint16(index * 2, group);
  return ipv6Text(view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true));
}

test("writes every IPv4 address in dotted decimal", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (bytes) => {
      expect(ipv4Text(new DataView(bytes.slice().buffer).getUint32(0, true))).toBe(bytes.join("."));
    }),
  );
});

test.each([
  [[0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], "2001:db8::1:0:0:1"],
  [[0x2001, 0xdb8, 0, 1, 1, 1, 1, 1], "2001:db8:0:1:1:1:1:1"],
  [[0x2001, 0, 0, 1, 0, 0, 0, 1], "2001:0:0:1::1"],
  [[0, 0, 0, 0, 0, 0, 0, 0], "::"],
  [[0, 0, 0, 0, 0, 0, 0, 1], "::1"],
  [[0xfe80, 0, 0, 0, 0, 0, 0, 0], "fe80::"],
  [[0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0207], "::ffff:192.0.2.7"],
  [[0, 0, 0, 0, 0, 0, 0xc000, 0x0207], "::c000:207"],
  [[0xabcd, 0xef01, 0x2345, 0x6789, 0xabcd, 0xef01, 0x2345, 0x6789], "abcd:ef01:2345:6789:abcd:ef01:2345:6789"],
  [[1, 0x10, 0x100, 0x1000, 0xf, 0xff, 0xfff, 0xffff], "1:10:100:1000:f:ff:fff:ffff"],
])("writes %j as %s", (groups, text) => {
  expect(ipv6Of(...groups)).toBe(text);
});

test("writes IPv6 addresses as the URL standard does, which follows RFC 5952 too", () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      fc.pre(groups.slice(0, 5).some((value) => value !== 0));
      const standard = new URL(`http://[${groups.map((value) => value.toString(16)).join(":")}]/`).hostname.slice(
        1,
        -1,
      );
      expect(ipv6Of(...groups)).toBe(standard);
    }),
    { numRuns: 1000 },
  );
});
