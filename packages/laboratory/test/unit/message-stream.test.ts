import { expect, test } from "vitest";
import { encodeMessage, MessageDecoder } from "../../src/kernel-vm/message-stream.ts";

const MESSAGES = [{ type: "run", pattern: /a+/g }, new Map([["count", 7n]]), "x".repeat(70_000), null];

test.each([1, 3, 4096, 1_000_000])("messages arrive whole, and as what they were, in pieces of %i bytes", (size) => {
  const bytes = Buffer.concat(MESSAGES.map(encodeMessage));
  const decoder = new MessageDecoder();
  const arrived: unknown[] = [];
  for (let at = 0; at < bytes.length; at += size) arrived.push(...decoder.decode(bytes.subarray(at, at + size)));
  expect(arrived).toEqual(MESSAGES);
});

test("an error arrives as an error", () => {
  const [arrived] = new MessageDecoder().decode(encodeMessage(new TypeError("no")));
  expect(arrived).toBeInstanceOf(Error);
  expect(arrived).toMatchObject({ name: "TypeError", message: "no" });
});
