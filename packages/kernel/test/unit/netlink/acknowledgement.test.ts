import { expect, test } from "vitest";
import { decodeAcknowledgement } from "../../../src/netlink/acknowledgement.ts";
import { encodeAttributes, textAttribute } from "../../../src/netlink/attributes.ts";

const EEXIST = 17;
const CAPPED = 0x100;
const WITH_ATTRIBUTES = 0x200;
const MESSAGE_ATTRIBUTE = 1;

/** `struct nlmsgerr`: the error, and the header of a request that was `length` bytes long. */
function head(errno: number, length: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, -errno, true);
  view.setUint32(4, length, true);
  return bytes;
}

const words = encodeAttributes([textAttribute(MESSAGE_ATTRIBUTE, "XDP program already attached")]);
const message = (flags: number, ...parts: Uint8Array[]) => ({
  type: 2,
  flags,
  sequence: 1,
  payload: Uint8Array.from(parts.flatMap((part) => [...part])),
});

test("no error is a yes", () => {
  expect(decodeAcknowledgement(message(0, head(0, 16)))).toEqual({ errno: 0, words: undefined });
});

test("the words stand behind the request", () => {
  const rest = new Uint8Array(24).fill(0xff);
  const acknowledgement = decodeAcknowledgement(message(WITH_ATTRIBUTES, head(EEXIST, 40), rest, words));
  expect(acknowledgement).toEqual({ errno: EEXIST, words: "XDP program already attached" });
});

test("the words stand behind the head when the request is left out", () => {
  const acknowledgement = decodeAcknowledgement(message(WITH_ATTRIBUTES | CAPPED, head(EEXIST, 40), words));
  expect(acknowledgement).toEqual({ errno: EEXIST, words: "XDP program already attached" });
});
