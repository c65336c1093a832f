import { expect, test } from "vitest";
import { readCapture } from "../../../src/captures/capture.ts";
import { CaptureError } from "../../../src/captures/capture-error.ts";
import type { Frame } from "../../../src/captures/frame.ts";
import {
  Bytes,
  block,
  concatenate,
  enhancedPacket,
  framesOf,
  interfaceDescription,
  pcap,
  readInto,
  sectionHeader,
  simplePacket,
} from "./capture-writer.ts";

const FRAMES = [Uint8Array.of(1, 2, 3, 4, 5, 6), Uint8Array.of(7), Uint8Array.of(8, 9, 10)];

const pcapng = (littleEndian: boolean): Uint8Array[] => [
  sectionHeader(littleEndian),
  interfaceDescription(littleEndian),
  ...FRAMES.map((frame) => enhancedPacket(littleEndian, 0, frame)),
];

/** Cuts a file at every byte: what comes back must be whole frames, and an error unless the cut is between records. */
function expectCutsToBeTold(file: Uint8Array, ends: readonly number[], framesAt: (length: number) => number): void {
  for (let length = 1; length < file.length; length++) {
    const frames: Frame[] = [];
    let error: unknown;
    try {
      readInto(frames, file.subarray(0, length));
    } catch (caught) {
      error = caught;
    }
    expect(frames.map(({ bytes }) => bytes)).toEqual(FRAMES.slice(0, framesAt(length)));
    if (ends.includes(length)) expect(error).toBeUndefined();
    else expect(error).toMatchObject({ code: "WEIR_CAPTURE_TRUNCATED", frames: framesAt(length) });
  }
}

function sums(parts: readonly number[]): number[] {
  return parts.map((_, index) => parts.slice(0, index + 1).reduce((a, b) => a + b));
}

test("tells a pcap file that was cut, at every byte of it", () => {
  const ends = sums([24, ...FRAMES.map((frame) => 16 + frame.length)]);
  expectCutsToBeTold(pcap(FRAMES), ends, (length) => ends.filter((end, index) => index > 0 && end <= length).length);
});

test.each([true, false])(
  "tells a pcapng file that was cut, at every byte of it (little endian: %s)",
  (littleEndian) => {
    const blocks = pcapng(littleEndian);
    const ends = sums(blocks.map((part) => part.length));
    const framesAt = (length: number): number => ends.filter((end, index) => index > 1 && end <= length).length;
    expectCutsToBeTold(concatenate(...blocks), ends, framesAt);
  },
);

test("says at which byte a record begins that is not whole, and how many came before", () => {
  expect(() => framesOf(pcap(FRAMES).subarray(0, -1))).toThrow(
    /écoute €\.bin: the file ends inside a record \(2 of 3 bytes of its frame\), at byte 63; 2 whole frames come before it\./,
  );
});

test.each([
  ["an empty file", new Uint8Array(0), "WEIR_CAPTURE_EMPTY"],
  ["text", Buffer.from("#!/bin/sh\n"), "WEIR_CAPTURE_FORMAT"],
  ["two bytes of text", Buffer.from("#!"), "WEIR_CAPTURE_FORMAT"],
  ["a compressed file", Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0), "WEIR_CAPTURE_FORMAT"],
  ["Linux cooked frames", pcap([], { linkType: 113 }), "WEIR_CAPTURE_LINK_TYPE"],
  ["another version of pcap", new Bytes(true).u32(0xa1b2c3d4).u16(9, 9).u32(0, 0, 0, 1).done(), "WEIR_CAPTURE_DAMAGED"],
  ["a record of 4 GB", concatenate(pcap([]), new Bytes(true).u32(0, 0, 0xffff_ffff, 1).done()), "WEIR_CAPTURE_DAMAGED"],
  ["no byte-order magic", block(true, 0x0a0d0d0a, new Uint8Array(16)), "WEIR_CAPTURE_DAMAGED"],
  [
    "two lengths that differ",
    concatenate(sectionHeader(true).subarray(0, -4), new Bytes(true).u32(32).done()),
    "WEIR_CAPTURE_DAMAGED",
  ],
  [
    "a block shorter than itself",
    concatenate(sectionHeader(true), new Bytes(true).u32(1, 8, 8).done()),
    "WEIR_CAPTURE_DAMAGED",
  ],
  [
    "a length that is no multiple of 4",
    concatenate(sectionHeader(true), new Bytes(true).u32(9, 13, 0, 0).done()),
    "WEIR_CAPTURE_DAMAGED",
  ],
  [
    "a block of 4 GB",
    concatenate(sectionHeader(true), new Bytes(true).u32(6, 0xffff_fff0, 0, 0).done()),
    "WEIR_CAPTURE_DAMAGED",
  ],
  [
    "a frame longer than its block",
    concatenate(sectionHeader(true), interfaceDescription(true), simplePacket(true, Uint8Array.of(1), 9)),
    "WEIR_CAPTURE_DAMAGED",
  ],
])("refuses %s", (_, content, code) => {
  expect(() => framesOf(content)).toThrow(expect.objectContaining({ name: "CaptureError", code, frames: 0 }));
});

test("says that a compressed file is to be unpacked", () => {
  expect(() => framesOf(Uint8Array.of(0x1f, 0x8b, 8, 0))).toThrow(/compressed with gzip.*\n {2}Unpack it first/);
});

test.each(["/nonexistent/file.pcap", "/tmp"])("says why %s cannot be read", (path) => {
  expect(() => [...readCapture(path)]).toThrow(expect.objectContaining({ code: "WEIR_FILE" }));
  expect(() => [...readCapture(path)]).not.toThrow(CaptureError);
});
