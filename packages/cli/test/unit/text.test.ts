import { describe, expect, test } from "vitest";
import { printable, printableLines } from "../../src/text/printable.ts";
import { colourStyle } from "../../src/text/style.ts";
import { clip, flow, visibleLength, wrapWords } from "../../src/text/wrap.ts";

describe("names that others chose", () => {
  test.each([
    ["eth0", "eth0"],
    ["wéir-日本", "wéir-日本"],
    ['a"b c', 'a"b c'],
    ["\x1b[31mred", "\\u{1b}[31mred"],
    ["a\x9bb", "a\\u{9b}b"],
    ["tab\there", "tab\\u{9}here"],
    ["\u202eevil", "\\u{202e}evil"],
    ["\ud800", "\\u{d800}"],
  ])("shows %j as %s", (name, shown) => expect(printable(name)).toBe(shown));

  test("keeps the lines of a message", () => expect(printableLines("a\x07\nb")).toBe("a\\u{7}\nb"));
});

describe("lines", () => {
  test("begin anew where they would be too long", () => {
    expect(flow(["one", "two", "three"], 8)).toEqual(["one  two", "three"]);
    expect(wrapWords("a sentence of words", 10)).toEqual(["a sentence", "of words"]);
  });

  test("are measured and cut without their colours", () => {
    const red = colourStyle("red", "0123456789");
    expect(visibleLength(red)).toBe(10);
    expect(flow([red, red], 22)).toHaveLength(1);
    expect(clip(red, 10)).toBe(red);
    expect(clip(red, 5)).toBe("0123…");
  });
});
