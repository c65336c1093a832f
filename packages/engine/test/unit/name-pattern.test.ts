import type { NetworkInterface } from "@weir/kernel";
import { expect, test } from "vitest";
import { isNamed, isPattern } from "../../src/monitor/follow/name-pattern.ts";

// The other fields have no part in it.
const named = (name: string, ...alternativeNames: string[]) =>
  ({ name, alternativeNames }) as Partial<NetworkInterface> as NetworkInterface;

test.each([
  ["veth*", "veth", true],
  ["veth*", "veth12", true],
  ["veth*", "xveth1", false],
  ["eth?", "eth1", true],
  ["eth?", "eth10", false],
  ["eth?", "eth", false],
  ["*.5", "eth0.5", true],
  ["*.5", "eth0x5", false],
  ["v?-ü*", "v1-üx", true],
  ["*", "lo", true],
  ["a+b", "aab", false],
  ["a(b", "a(b", true],
  ["eth0", "eth0", true],
])("%s against %s", (wanted, name, expected) => {
  expect(isNamed(named(name), wanted)).toBe(expected);
  expect(isNamed(named("other", "another", name), wanted)).toBe(expected || wanted === "*");
  expect(isPattern(wanted)).toBe(/[*?]/.test(wanted));
});
