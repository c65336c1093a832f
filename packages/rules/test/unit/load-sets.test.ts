import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type LoadedSet, loadSets, parseRules, RulesError, SetContents } from "../../src/index.ts";

/** Rules with one set, which has a file with this text. */
function load(text: string | Uint8Array, set = "{ file: set.txt }"): LoadedSet[] {
  const folder = mkdtempSync(join(tmpdir(), "weir-sets-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "set.txt"), text);
  const { rules } = parseRules(`sets:\n  s: ${set}\n`, join(folder, "rules.yaml"));
  try {
    return loadSets(rules);
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replaceAll(`${folder}/`, "");
    throw error;
  }
}

test("a set has the entries of the rules file, and those of its own", () => {
  const text = "# those who asked too often\n192.0.2.0/24\n\n  2001:db8::/32 # all of them\n";
  const sets = new SetContents(load(text, "{ entries: [198.51.100.7, ::1], file: set.txt }"));
  const has4 = (address: number): boolean => sets.has("s", "ipv4", [address]);
  expect([0xc000_0200, 0xc000_02ff, 0xc000_0300, 0xc633_6407].map(has4)).toEqual([true, true, false, true]);
  expect(sets.has("s", "ipv6", [0x2001_0db8, 0, 0, 7])).toBe(true);
  expect(sets.has("s", "ipv6", [0, 0, 0, 1])).toBe(true);
  expect(sets.has("s", "ipv6", [0x2001_0db9, 0, 0, 7])).toBe(false);
  expect(() => sets.has("other", "port", [1])).toThrow("there is no set @other");
});

test("ports and hardware addresses, too", () => {
  const ports = new SetContents(load("53\n6000-6002\n", "{ kind: ports, entries: [80], file: set.txt }"));
  const inSet = [52, 53, 80, 5999, 6000, 6002, 6003].map((port) => ports.has("s", "port", [port]));
  expect(inSet).toEqual([false, true, true, false, true, true, false]);
  const macs = new SetContents(load("02:00:5e:10:00:01\n", "{ kind: macs, file: set.txt }"));
  expect(macs.has("s", "mac", [0x0200, 0x5e10_0001])).toBe(true);
  expect(macs.has("s", "mac", [0x0200, 0x5e10_0002])).toBe(false);
});

interface Mistake {
  readonly what: string;
  readonly text: string | Uint8Array;
  readonly set?: string;
  /** How the lines of the message begin. */
  readonly lines: readonly string[];
}

const MISTAKES: readonly Mistake[] = [
  {
    what: "bad lines",
    text: "192.0.2.0/24\n192.0.2.1/24\n  127.1\n010.0.0.1\n",
    lines: [
      "set.txt:2:1: 192.0.2.1/24 has bits behind its length",
      'set.txt:3:3: "127.1" is not an address of IPv4',
      'set.txt:4:1: "010.0.0.1" has a number that begins with 0',
    ],
  },
  {
    what: "entries of another kind",
    text: "192.0.2.1\n53\n80\n",
    lines: ["rules.yaml:2:6: sets.s.file: the set has addresses, and set.txt has 2 ports"],
  },
  {
    what: "a file that is not there",
    text: "",
    set: "{ file: nowhere.txt }",
    lines: ["rules.yaml:2:6: sets.s.file: the file nowhere.txt cannot be read: ENOENT"],
  },
  { what: "a folder", text: "", set: "{ file: . }", lines: ["rules.yaml:2:6: sets.s.file: the file "] },
  {
    what: "no end",
    text: "",
    set: "{ file: /dev/zero }",
    lines: ["rules.yaml:2:6: sets.s.file: the file /dev/zero cannot be read: it is no file"],
  },
];

test.each(MISTAKES)("a mistake: $what", ({ text, set, lines }) => {
  expect(() => load(text, set)).toThrow(RulesError);
  const found = message(() => load(text, set)).split("\n");
  expect(found.map((line, index) => line.slice(0, lines[index]?.length))).toEqual(lines);
});

test("a file of something else is told as bad lines", () => {
  const bytes = Uint8Array.from({ length: 4000 }, (_, index) => index % 256);
  expect(message(() => load(bytes, "{ kind: ports, file: set.txt }"))).toMatch(/^set.txt:1:1: /);
});

test("of many bad lines the first are told, and how many more there are", () => {
  const found = message(() => load("nonsense\n".repeat(1000))).split("\n");
  expect(found).toHaveLength(21);
  expect(found[0]).toMatch(/^set.txt:1:1: "nonsense" is not an address/);
  expect(found[20]).toBe("and 1 more");
});

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return "";
}

test("a million entries are read and asked", () => {
  const lines: string[] = [];
  for (let number = 0; number < 1_000_000; number++)
    lines.push(`10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`);
  const [set] = load(`${lines.join("\n")}\n`);
  expect(set?.ipv4).toHaveLength(1_000_000);
  const contents = new SetContents(set === undefined ? [] : [set]);
  expect(contents.has("s", "ipv4", [0x0a00_0000 + 999_999])).toBe(true);
  expect(contents.has("s", "ipv4", [0x0a00_0000 + 1_000_000])).toBe(false);
});
