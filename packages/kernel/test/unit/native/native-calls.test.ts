import { describe, expect, test } from "vitest";
import { koffiCalls } from "../../../src/native/koffi-calls.ts";
import type { NativeCalls } from "../../../src/native/native-calls.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, O_CLOEXEC, PROT_READ, PROT_WRITE } from "../../../src/uapi/macros.ts";
import { FakeCalls } from "../../fixtures/fake-calls.ts";

const PAGE = 4096;
const EBADF = 9;
const MONOTONIC_COARSE = 6;
const REAL_TIME = 0;

const backends: readonly (readonly [string, () => NativeCalls])[] = [
  ["koffi", koffiCalls],
  ["fake", () => new FakeCalls()],
];

describe.each(backends)("native calls of the %s backend", (_, make) => {
  const calls = make();
  const map = () => calls.mmap(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  test("mmap gives zeroed memory that a view reaches", () => {
    const address = map();
    const bytes = new Uint8Array(calls.view(address, PAGE));
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    bytes[0] = 7;
    expect(new Uint8Array(calls.view(address, PAGE))[0]).toBe(7);
    expect(calls.munmap(address, PAGE)).toBe(0);
  });

  test("a file opens and closes once; the second close is EBADF", () => {
    const address = map();
    new Uint8Array(calls.view(address, PAGE)).set(new TextEncoder().encode("/dev/null\0"));
    const descriptor = calls.open(address, O_CLOEXEC);
    expect(descriptor).toBeGreaterThan(2);
    const other = calls.duplicate(descriptor);
    expect(other).toBeGreaterThan(descriptor);
    expect(calls.close(descriptor)).toBe(0);
    expect(calls.close(other)).toBe(0);
    expect(calls.close(descriptor)).toBe(-EBADF);
    calls.munmap(address, PAGE);
  });

  test("a clock's resolution is written where asked", () => {
    const address = map();
    expect(calls.clockGetres(MONOTONIC_COARSE, address)).toBe(0);
    const view = new DataView(calls.view(address, PAGE));
    expect([1, 4, 10].map((milliseconds) => BigInt(milliseconds) * 1_000_000n)).toContain(view.getBigInt64(8, true));
    calls.munmap(address, PAGE);
  });

  test("a clock's time is written where asked", () => {
    const address = map();
    expect(calls.clockGettime(REAL_TIME, address)).toBe(0);
    const seconds = Number(new DataView(calls.view(address, PAGE)).getBigInt64(0, true));
    expect(seconds).toBeGreaterThan(1_600_000_000);
    expect(seconds).toBeLessThan(2 ** 32);
    calls.munmap(address, PAGE);
  });
});
