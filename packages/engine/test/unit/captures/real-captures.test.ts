import { frameTruths, missingCaptures, realCaptures } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { readCapture } from "../../../src/captures/capture.ts";

describe.skipIf(missingCaptures())("reads all frames of a real capture", () => {
  test.each(realCaptures().map((capture) => [capture.name, capture] as const))("%s", (_, capture) => {
    const read = [...readCapture(capture.path)].map(({ bytes, originalLength }) => [bytes.length, originalLength]);
    expect(read).toEqual(frameTruths(capture).map(({ length, originalLength }) => [length, originalLength]));
  });
});
