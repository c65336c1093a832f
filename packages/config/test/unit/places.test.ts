import { expect, test } from "vitest";
import * as z from "zod";
import { parsePlacedConfig } from "../../src/index.ts";

const schema = z.strictObject({ list: z.array(z.string()) });

/** How a string is written, its value, and whether places inside it can be told. */
const STRINGS: readonly (readonly [written: string, value: string, isTold: boolean])[] = [
  ["tcp port X", "tcp port X", true],
  ["'it''s X'", "it's X", true],
  ['"a \\"quoted\\" X"', 'a "quoted" X', true],
  ['"\\u0041\\x42\\t\\\\ X"', "AB\t\\ X", true],
  ['"\\U0001F600 😀 X"', "😀 😀 X", true],
  ["&anchor tcp X", "tcp X", true],
  [">- # folded\n    tcp\n    X", "tcp X", true],
  ["|2-\n      tcp\n      X", "  tcp\n  X", true],
  ["tcp\n    X", "tcp X", true],
  ['"tcp\n    X"', "tcp X", false],
];

test.each(STRINGS)("the place of a character in %j", (written, value, isTold) => {
  const text = `list:\n  - first\n  - ${written}\n`;
  const { data, placeOf } = parsePlacedConfig(text, "weir.yaml", schema);
  expect(data.list[1]).toBe(value);
  const place = placeOf(["list", 1], value.indexOf("X"));
  expect(place.isExact).toBe(isTold);
  const character = text.split("\n")[place.line - 1]?.[place.column - 1];
  if (isTold) expect(character).toBe("X");
  else expect(place).toMatchObject({ line: 3, column: 5 });
});

test("the place behind the last character", () => {
  const placed = (written: string) => parsePlacedConfig(`list:\n  - ${written}\n`, "weir.yaml", schema);
  expect(placed("tcp or").placeOf(["list", 0], 6)).toMatchObject({ line: 2, column: 11, isExact: true });
  expect(placed('"tcp or"').placeOf(["list", 0], 6)).toMatchObject({ line: 2, column: 12, isExact: true });
  expect(placed(">\n    tcp\n    or").placeOf(["list", 0], 6)).toMatchObject({ line: 4, column: 7, isExact: true });
});

test("the place of what is not there is that of what it would be in", () => {
  const { placeOf } = parsePlacedConfig('{\n  "list": ["a"]\n}', "weir.json", schema);
  expect(placeOf(["list", 0], 0)).toEqual({ line: 2, column: 13, isExact: true });
  expect(placeOf(["list", 5, "name"])).toEqual({ line: 2, column: 11, isExact: true });
  expect(placeOf(["other"])).toEqual({ line: 1, column: 1, isExact: true });
});
