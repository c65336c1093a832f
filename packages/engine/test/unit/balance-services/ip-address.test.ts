import { describe, expect, test } from "vitest";
import { parseAddress } from "../../../src/balance/services/ip-address.ts";

describe("an IP address", () => {
  test.for([
    ["192.0.2.1", "c0000201"],
    ["255.255.255.255", "ffffffff"],
    ["::", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["2001:db8::", "20010db8000000000000000000000000"],
    ["2001:DB8:0:0:1::f", "20010db800000000000100000000000f"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["::ffff:192.0.2.1", "00000000000000000000ffffc0000201"],
    ["64:ff9b::192.0.2.33", "0064ff9b0000000000000000c0000221"],
  ] as const)("%s has the bytes %s", ([text, bytes]) => {
    const address = parseAddress(text);
    expect(Buffer.from(address?.bytes ?? []).toString("hex")).toBe(bytes);
    expect(address?.family).toBe(bytes.length === 8 ? 4 : 6);
    const words = Buffer.alloc(16);
    words.writeBigUInt64LE(address?.high ?? 0n, 0);
    words.writeBigUInt64LE(address?.low ?? 0n, 8);
    expect(words.toString("hex")).toBe(bytes.length === 8 ? `0000000000000000${bytes}00000000` : bytes);
  });

  test("is the same however it is written", () => {
    expect(parseAddress("2001:db8:0:0:0:0:0:1")?.key).toBe(parseAddress("2001:DB8::1")?.key);
    expect(parseAddress("::1")?.key).not.toBe(parseAddress("0.0.0.1")?.key);
  });

  test.for(["", "192.0.2", "192.0.2.256", "010.0.0.1", "127.1", "0x7f.0.0.1", "::1%lo", "1::2::3", "12345::", "host"])(
    "%j is none",
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});
