import { describe, expect, test } from "vitest";
import { RateController } from "../../src/monitor/rate-controller.ts";

/** A tenth of a second of traffic, in which each packet and each sample cost what they cost. */
interface Load {
  readonly packetsPerSecond: number;
  readonly base: number;
  readonly extra: number;
}

const PERIOD = 0.1;

/** The share that is taken under a load, period by period. */
function run(controller: RateController, { packetsPerSecond, base, extra }: Load, periods: number): number[] {
  return Array.from({ length: periods }, () => {
    const runs = packetsPerSecond * PERIOD;
    const nanoseconds = runs * (base + extra / controller.rate);
    controller.learn({ seconds: PERIOD, runs, nanoseconds });
    return nanoseconds / 1e9 / PERIOD;
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a rate for a budget of 5 %", () => {
  // At the first load nine of ten packets can be sampled, at the third few.
  test.each([
    { what: "samples that cost little", base: 15, extra: 32, packetsPerSecond: 1_080_000 },
    { what: "samples that cost much", base: 20, extra: 400, packetsPerSecond: 300_000 },
    { what: "statistics that cost more than anything else", base: 45, extra: 110, packetsPerSecond: 350_000 },
  ])("is found for $what, and again when the load is three times as high, and a third", (load) => {
    const controller = new RateController(0.05);
    run(controller, load, 20);
    for (const times of [1, 3, 1, 3, 1]) {
      const shares = run(controller, { ...load, packetsPerSecond: load.packetsPerSecond * times }, 50);
      // Second by second from the second after the change, and the change included.
      for (let second = 1; second < 5; second++) {
        expect(mean(shares.slice(10 * second, 10 * second + 10))).toBeGreaterThan(0.04);
        expect(mean(shares.slice(10 * second, 10 * second + 10))).toBeLessThan(0.06);
      }
      expect(mean(shares)).toBeGreaterThan(0.04);
      expect(mean(shares)).toBeLessThan(0.06);
    }
  });

  test("is 1 while all can be afforded", () => {
    const controller = new RateController(0.05);
    const shares = run(controller, { packetsPerSecond: 100_000, base: 30, extra: 60 }, 20);
    expect(controller.rate).toBe(1);
    expect(shares.at(-1)).toBeCloseTo(0.009, 6);
    expect(controller.exceeded).toBe(false);
    expect(controller.used).toBeGreaterThan(0.006);
  });

  test("says that it cannot be kept when the totals alone cost more", () => {
    const controller = new RateController(0.05);
    run(controller, { packetsPerSecond: 3_000_000, base: 30, extra: 60 }, 50);
    expect(controller.rate).toBe(65_536);
    expect(controller.exceeded).toBe(true);
    expect(controller.used).toBeCloseTo(0.09, 2);
    run(controller, { packetsPerSecond: 1_000_000, base: 30, extra: 60 }, 50);
    expect(controller.exceeded).toBe(false);
    expect(controller.rate).toBeLessThan(5);
  });

  test("grows step by step after a pause, in which nothing can be learnt", () => {
    const controller = new RateController(0.05);
    run(controller, { packetsPerSecond: 1_000_000, base: 30, extra: 200 }, 50);
    const { rate } = controller;
    controller.learn({ seconds: PERIOD, runs: 0, nanoseconds: 0 });
    expect(controller.rate).toBeGreaterThanOrEqual(rate / 2);
    run(controller, { packetsPerSecond: 0, base: 0, extra: 0 }, 50);
    expect(controller.rate).toBe(1);
  });

  test("is not led astray by one period in which the machine stood still", () => {
    const controller = new RateController(0.05);
    const load = { packetsPerSecond: 1_000_000, base: 25, extra: 200 };
    run(controller, load, 50);
    controller.learn({ seconds: PERIOD, runs: 100_000, nanoseconds: 60e6 });
    expect(mean(run(controller, load, 50).slice(15))).toBeGreaterThan(0.04);
  });
});
