import { expect, test } from "vitest";
import { mountsBpf } from "../../../src/system/bpf-file-system.ts";
import { countOf } from "../../../src/system/cpus.ts";
import { checkKernelRelease } from "../../../src/system/kernel-release.ts";
import { tickNanoseconds } from "../../../src/system/kernel-tick.ts";
import { realTimeOffset } from "../../../src/system/real-time.ts";

test.each([
  ["0\n", 1],
  ["0-1\n", 2],
  ["0-3,8-11\n", 12],
  ["0,2\n", 3],
])("the list of CPUs %j has room for %i", (list, count) => {
  expect(countOf(list)).toBe(count);
});

test.each(["6.1.0-18-amd64", "6.1.0", "6.18.44-fc", "7.0.0", "10.2"])("Linux %s is new enough", (release) => {
  expect(() => checkKernelRelease(release)).not.toThrow();
});

test.each(["6.0.19", "5.15.0-91-generic", "4.19", "3.10.0-1160.el7"])("Linux %s is too old", (release) => {
  expect(() => checkKernelRelease(release)).toThrow(`start on Linux ${release} failed: this kernel is too old`);
  expect(() => checkKernelRelease(release)).toThrow("weir needs Linux 6.1 or newer");
});

test.each([
  ["bpf /sys/fs/bpf bpf rw,nosuid 0 0", "/sys/fs/bpf", true],
  ["sysfs /sys sysfs rw 0 0", "/sys/fs/bpf", false],
  ["bpf /sys/fs/bpf bpf rw 0 0\ntmpfs /sys/fs/bpf tmpfs rw 0 0", "/sys/fs/bpf", false],
  ["bpf /mnt/a\\040b bpf rw 0 0", "/mnt/a b", true],
])("in the mounts %j, %s: %s", (mounts, path, expected) => {
  expect(mountsBpf(path, mounts)).toBe(expected);
});

test("a tick is one to ten milliseconds", () => {
  expect(tickNanoseconds()).toBeGreaterThanOrEqual(1_000_000);
  expect(tickNanoseconds()).toBeLessThanOrEqual(10_000_000);
});

test("the offset of the clocks gives the time of day, to microseconds", () => {
  const { offset, uncertainty } = realTimeOffset();
  const now = Number((process.hrtime.bigint() + offset) / 1_000_000n);
  expect(Math.abs(now - Date.now())).toBeLessThan(5);
  expect(uncertainty).toBeLessThan(1_000_000n);
});
