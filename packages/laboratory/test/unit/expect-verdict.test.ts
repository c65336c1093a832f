import { ethernet } from "@weir/testing";
import { expect, test } from "vitest";
import { expectVerdict } from "../../src/index.ts";

const alwaysDrops = { testRun: () => ({ verdict: 1 }) };

test("accepts the verdict that was expected", () => {
  expect(() => expectVerdict(alwaysDrops, ethernet().ipv4().udp(), "drop")).not.toThrow();
});

test("fails with the frame when the program decides otherwise", () => {
  expect(() => expectVerdict(alwaysDrops, Uint8Array.of(1, 2, 3), "pass")).toThrow("of the frame 010203");
});
