import { expect, test } from "vitest";
import { decodeAcknowledgement } from "../../../src/netlink/acknowledgement.ts";
import { encode } from "../../../src/netlink/attribute-table.ts";
import { encodeAttributes } from "../../../src/netlink/attributes.ts";
import { LINK } from "../../../src/netlink/link-attributes.ts";
import { attributesOffset } from "../../../src/netlink/message.ts";

const EEXIST = 17;
const ERROR = 2;
const DONE = 3;
const CAPPED = 0x100;
const WITH_ATTRIBUTES = 0x200;
/** `enum nlmsgerr_attrs`. */
const MESSAGE = 1;
const OFFSET = 2;
const MISSING = 5;
const MISSING_IN = 6;

const request = {
  name: "RTM_SETLINK",
  type: 19,
  flags: 4,
  head: new Uint8Array(16),
  attributes: encode(LINK, { name: "veth0", xdp: { descriptor: 3, flags: 12 } }),
};
const start = attributesOffset(16);

/** `struct nlmsgerr`: the error, and the header of a request that was `length` bytes long. */
function head(errno: number, length: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, -errno, true);
  view.setUint32(4, length, true);
  return bytes;
}

const sentence = { type: MESSAGE, payload: new TextEncoder().encode("XDP program already attached\0") };
const number = (type: number, value: number) => ({ type, payload: new Uint8Array(Uint32Array.of(value).buffer) });
const words = encodeAttributes([sentence]);

function read(type: number, flags: number, ...parts: Uint8Array[]) {
  const payload = Uint8Array.from(parts.flatMap((part) => [...part]));
  return decodeAcknowledgement({ type, flags, sequence: 1, payload }, request);
}

test("no error is a yes", () => {
  expect(read(ERROR, 0, head(0, 16))).toEqual({ errno: 0, words: undefined });
});

test("the words stand behind the request", () => {
  const rest = new Uint8Array(24).fill(0xff);
  const acknowledgement = read(ERROR, WITH_ATTRIBUTES, head(EEXIST, 40), rest, words);
  expect(acknowledgement).toEqual({ errno: EEXIST, words: "XDP program already attached" });
});

test("the words stand behind the head when the request is left out", () => {
  const acknowledgement = read(ERROR, WITH_ATTRIBUTES | CAPPED, head(EEXIST, 40), words);
  expect(acknowledgement).toEqual({ errno: EEXIST, words: "XDP program already attached" });
});

test("the end of a dump can say why it failed", () => {
  const acknowledgement = read(DONE, WITH_ATTRIBUTES, head(EEXIST, 0).subarray(0, 4), words);
  expect(acknowledgement).toEqual({ errno: EEXIST, words: "XDP program already attached" });
  expect(read(DONE, 0, new Uint8Array())).toEqual({ errno: 0, words: undefined });
});

test.each([
  ["an attribute", [number(OFFSET, start)], "(at IFLA_IFNAME)"],
  [
    "one inside another",
    [sentence, number(OFFSET, start + 16)],
    `${"XDP program already attached"} (at IFLA_XDP > IFLA_XDP_FD)`,
  ],
  ["one that is missing", [number(MISSING, 4)], "(missing: IFLA_MTU)"],
  [
    "one that is missing inside",
    [number(MISSING, 8), number(MISSING_IN, start + 12)],
    "(missing: IFLA_XDP > IFLA_XDP_EXPECTED_FD)",
  ],
  ["one that has no name here", [number(MISSING, 4711)], "(missing: attribute 4711)"],
  ["a place that is none", [number(OFFSET, 4711)], undefined],
])("the kernel's answer names %s", (_, attributes, expected) => {
  const acknowledgement = read(ERROR, WITH_ATTRIBUTES | CAPPED, head(EEXIST, 40), encodeAttributes(attributes));
  expect(acknowledgement).toEqual({ errno: EEXIST, words: expected });
});

test("an answer that was cut says less", () => {
  const whole = Uint8Array.from([...head(EEXIST, 40), ...words]);
  const padding = 3;
  for (let length = 4; length < whole.length - padding; length += 1) {
    const acknowledgement = read(ERROR, WITH_ATTRIBUTES | CAPPED, whole.subarray(0, length));
    expect(acknowledgement).toEqual({ errno: EEXIST, words: undefined });
  }
});
