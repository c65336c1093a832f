import { ObjectError, readObject, writeObject } from "@weir/bytecode";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleObject } from "../../samples/object.ts";
import { filledMaps, richObject, variables } from "../../samples/rich-object.ts";

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

  test.each([
    ["plain", good],
    ["rich", writeObject(richObject())],
    ["filled", writeObject(richObject([], filledMaps))],
  ])("never gives another error than ObjectError, wherever bytes are changed: %s", (_, whole) => {
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = whole.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        const error = problemWith(bytes);
        if (error !== undefined) expect(error).toBeInstanceOf(ObjectError);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([0n, 2n ** 31n, 2n ** 45n])("may say any size for a section of zeros: %d", (size) => {
    const bytes = writeObject(richObject([], [{ ...variables, name: ".bss", valueType: 0 }]));
    const view = new DataView(bytes.buffer);
    const headers = Number(view.getBigUint64(40, true));
    const count = view.getUint16(60, true);
    const zeros = Array.from({ length: count }, (_, index) => headers + index * 64).find(
      (at) => view.getUint32(at + 4, true) === 8,
    );
    if (zeros === undefined) throw new Error("the sample has a section of zeros");
    view.setBigUint64(zeros + 32, size, true);
    if (size === 0n) expect(problemWith(bytes)).toBeUndefined();
    else
      expect(problemWith(bytes)).toMatchObject({
        code: "WEIR_OBJECT",
        message: expect.stringContaining(`has ${size}`),
      });
  });

  test("never gives another error than ObjectError, wherever it ends", () => {
    for (let length = 0; length < good.length; length++) {
      expect(problemWith(good.subarray(0, length))).toBeInstanceOf(ObjectError);
    }
  });
});
