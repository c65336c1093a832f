import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Bytes,
  block,
  concatenate,
  enhancedPacket,
  framesOf,
  interfaceDescription,
  obsoletePacket,
  sectionHeader,
  simplePacket,
} from "./capture-writer.ts";

const FRAME = Uint8Array.of(1, 2, 3, 4, 5);

test("gives back the frames of any number of sections, each in its own byte order", () => {
  const section = fc.record({ littleEndian: fc.boolean(), frames: fc.array(fc.uint8Array({ maxLength: 90 })) });
  fc.assert(
    fc.property(fc.array(section, { minLength: 1, maxLength: 4 }), (sections) => {
      const file = sections.flatMap(({ littleEndian, frames }) => [
        sectionHeader(littleEndian),
        interfaceDescription(littleEndian),
        ...frames.map((frame) => enhancedPacket(littleEndian, 0, frame)),
      ]);
      const read = framesOf(concatenate(...file)).map(({ bytes }) => bytes);
      expect(read).toEqual(sections.flatMap(({ frames }) => frames));
    }),
    { numRuns: 50 },
  );
});

describe.each([true, false])("little endian: %s", (littleEndian) => {
  const start = [sectionHeader(littleEndian), interfaceDescription(littleEndian)];

  test("reads enhanced, simple and obsolete packets, and goes over other blocks", () => {
    const read = framesOf(
      concatenate(
        ...start,
        block(littleEndian, 0x0bad, new Uint8Array(700_000)),
        enhancedPacket(littleEndian, 0, FRAME),
        block(littleEndian, 5, new Uint8Array(9)),
        simplePacket(littleEndian, FRAME, 5),
        obsoletePacket(littleEndian, 0, FRAME),
      ),
    );
    expect(read).toEqual([
      { bytes: FRAME, originalLength: 6, time: 5000n },
      { bytes: FRAME, originalLength: 5, time: undefined },
      { bytes: FRAME, originalLength: 5, time: 5000n },
    ]);
  });

  test("cuts a simple packet at the snap length of the first interface", () => {
    const described = interfaceDescription(littleEndian, { snapLength: 3 });
    const read = framesOf(
      concatenate(sectionHeader(littleEndian), described, simplePacket(littleEndian, FRAME.subarray(0, 3), 90)),
    );
    expect(read).toEqual([{ bytes: FRAME.subarray(0, 3), originalLength: 90, time: undefined }]);
  });

  test.each([
    ["10^-9", 9, 5n],
    ["10^-3", 3, 5_000_000n],
    ["2^-1", 0x81, 2_500_000_000n],
  ])("reads times in units of %s s", (_, resolution, time) => {
    const described = interfaceDescription(littleEndian, { resolution });
    const read = framesOf(concatenate(sectionHeader(littleEndian), described, enhancedPacket(littleEndian, 0, FRAME)));
    expect(read[0]?.time).toBe(time);
  });

  test("adds the time offset of the interface", () => {
    const offset = new Bytes(littleEndian).u16(1, 0).u32(0).u16(14, 8);
    const words = littleEndian ? [100, 0] : [0, 100];
    const described = block(
      littleEndian,
      1,
      offset
        .u32(...words)
        .u16(0, 0)
        .done(),
    );
    const read = framesOf(concatenate(sectionHeader(littleEndian), described, enhancedPacket(littleEndian, 0, FRAME)));
    expect(read[0]?.time).toBe(100_000_005_000n);
  });
});

test("forgets the interfaces of a section when the next one starts", () => {
  const file = concatenate(
    sectionHeader(true),
    interfaceDescription(true),
    sectionHeader(true),
    enhancedPacket(true, 0, FRAME),
  );
  expect(() => framesOf(file)).toThrow(/a packet is of interface 0, which was not described, at byte 76/);
});

test("does not mind an interface of another link type that has no packets", () => {
  const other = interfaceDescription(true, { linkType: 113 });
  const file = [sectionHeader(true), other, interfaceDescription(true)];
  expect(framesOf(concatenate(...file, enhancedPacket(true, 1, FRAME)))).toHaveLength(1);
  expect(() => framesOf(concatenate(...file, enhancedPacket(true, 1, FRAME), enhancedPacket(true, 0, FRAME)))).toThrow(
    expect.objectContaining({ code: "WEIR_CAPTURE_LINK_TYPE", frames: 1 }),
  );
});
