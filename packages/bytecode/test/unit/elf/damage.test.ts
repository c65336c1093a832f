import { ObjectError, readObject, writeObject } from "@weir/bytecode";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleObject } from "../../samples/object.ts";

const good = writeObject(sampleObject());

function problemWith(bytes: Uint8Array): unknown {
  try {
    readObject(bytes);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("a damaged object", () => {
  test.each([
    ["nothing", new Uint8Array(), 0, /the object file ends after 0 bytes/],
    ["another file", new Uint8Array(100).fill(65), undefined, /not an ELF file/],
    ["a big-endian file", good.with(5, 2), 4, /64-bit little-endian/],
    ["another machine's file", good.with(18, 62), 16, /not an eBPF object \(machine 62/],
    ["a file cut short", good.subarray(0, -1), undefined, /the section headers of \d+ bytes/],
  ])("is refused: %s", (_, bytes, offset, message) => {
    const error = problemWith(bytes);

    expect(error).toBeInstanceOf(ObjectError);
    expect(error).toMatchObject({ code: "WEIR_OBJECT", message: expect.stringMatching(message) });
    if (offset !== undefined) expect(error).toMatchObject({ offset });
  });

  test("never gives another error than ObjectError, wherever bytes are changed", () => {
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = good.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        const error = problemWith(bytes);
        if (error !== undefined) expect(error).toBeInstanceOf(ObjectError);
      }),
      { numRuns: 3000 },
    );
  });

  test("never gives another error than ObjectError, wherever it ends", () => {
    for (let length = 0; length < good.length; length++) {
      expect(problemWith(good.subarray(0, length))).toBeInstanceOf(ObjectError);
    }
  });
});
