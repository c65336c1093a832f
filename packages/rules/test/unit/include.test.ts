import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigError } from "@weir/config";
import { expect, onTestFinished, test } from "vitest";
import { RulesError, readRules } from "../../src/index.ts";

/** Writes files into a folder of their own, and gives the path of the first. */
function files(texts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "weir-rules-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const paths = Object.entries(texts).map(([name, text]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  });
  return paths[0] ?? folder;
}

function mistakes(path: string): string[] {
  try {
    readRules(path);
  } catch (error) {
    if (error instanceof RulesError) return error.message.replaceAll(`${dirname(path)}/`, "").split("\n");
    throw error;
  }
  return [];
}

const RULE = (name: string): string => `{ name: ${name}, match: tcp, action: count, comment: ${name} }`;

test("rules of an included file stand where it is included, and files are found from the folder of the one that names them", () => {
  const path = files({
    "rules.yaml": `default: drop\nrules:\n  - ${RULE("a")}\n  - include: parts/one.yaml\n  - ${RULE("d")}\n`,
    "parts/one.yaml": `sets: { s: { file: s.txt, kind: ports } }\nrules:\n  - ${RULE("b")}\n  - include: two.json\n`,
    "parts/two.json": '{ "rules": [ { "name": "c", "match": "port in @s", "action": "log" } ] }',
  });
  const { rules } = readRules(path);
  expect(rules.rules.map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
  expect(rules.rules[2]?.place).toEqual({ file: join(dirname(path), "parts/two.json"), line: 1, column: 14 });
  expect(rules.sets).toMatchObject([{ name: "s", kind: "ports", file: join(dirname(path), "parts/s.txt") }]);
});

test("mistakes of all files come together, each with its file", () => {
  const path = files({
    "rules.yaml": `rules:\n  - include: other.yaml\n  - include: missing.yaml\n  - { name: a, match: tcp or, action: drop }`,
    "other.yaml": "vlan: exact\nrules:\n  - { name: a, match: tcp, action: nothing }",
  });
  expect(mistakes(path)).toEqual([
    expect.stringMatching(/^other.yaml:3:36: rules\[0\].action: must be pass/),
    expect.stringMatching(
      /^rules.yaml:3:14: rules\[1\].include: the configuration missing.yaml cannot be read: ENOENT/,
    ),
  ]);
});

test("what is for all rules together is not for included files to say", () => {
  const path = files({
    "rules.yaml": "rules: [ include: other.yaml ]",
    "other.yaml": `vlan: exact\ndefault: drop\nfail: open\nrules: [ ${RULE("a")} ]`,
  });
  expect(mistakes(path)).toEqual([
    "other.yaml:1:7: vlan: is for all rules together, and so for the file that includes this one to say: rules.yaml",
    "other.yaml:2:10: default: is for all rules together, and so for the file that includes this one to say: rules.yaml",
    "other.yaml:3:7: fail: is for all rules together, and so for the file that includes this one to say: rules.yaml",
  ]);
});

test("names are told apart across files", () => {
  const path = files({
    "rules.yaml": `sets: { s: [53] }\nrules:\n  - ${RULE("a")}\n  - include: other.yaml`,
    "other.yaml": `sets: { s: [53] }\nrules:\n  - ${RULE("a")}`,
  });
  expect(mistakes(path)).toEqual([
    "other.yaml:1:12: sets.s: there is a set of this name at rules.yaml:1",
    'other.yaml:3:13: rules[0].name: the rule at rules.yaml:3 has the name "a" too',
  ]);
});

test("files that include each other in a circle are an error with their chain", () => {
  const path = files({
    "a.yaml": "rules: [ include: b.yaml ]",
    "b.yaml": "rules: [ include: ./sub/../c.yaml ]",
    "c.yaml": "rules: [ include: a.yaml ]",
  });
  expect(mistakes(path)).toEqual([
    "c.yaml:1:19: rules[0].include: the file includes itself: a.yaml → b.yaml → c.yaml → a.yaml",
  ]);
});

test("files are included sixteen deep, and no deeper", () => {
  const chain = (length: number): string =>
    files(
      Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `${index}.yaml`,
          index === length - 1 ? `rules: [ ${RULE("a")} ]` : `rules: [ include: ${index + 1}.yaml ]`,
        ]),
      ),
    );
  expect(readRules(chain(17)).rules.rules).toHaveLength(1);
  expect(mistakes(chain(18))).toEqual([
    expect.stringMatching(
      /^16.yaml:1:19: rules\[0\].include: files are included 16 deep at most: 0.yaml → 1.yaml .*→ 17.yaml$/,
    ),
  ]);
});

test("a file is included once", () => {
  const path = files({
    "a.yaml": "rules:\n  - include: b.yaml\n  - include: c.yaml\n",
    "b.yaml": "rules: [ { include: c.yaml } ]",
    "c.yaml": "rules: [ { name: x, match: arp, action: pass } ]",
  });
  expect(mistakes(path)).toEqual(["a.yaml:3:14: rules[1].include: it is included already, at b.yaml:1"]);
});

test("files are not included without end", () => {
  const included = Array.from({ length: 300 }, (_, index) => `${index}.yaml`);
  const path = files({
    "a.yaml": `rules: [ ${included.map((file) => `{ include: ${file} }`).join(", ")} ]`,
    ...Object.fromEntries(included.map((file) => [file, "rules: []"])),
  });
  expect(mistakes(path)).toEqual([expect.stringMatching(/rules\[255\].include: more than 256 files are included$/)]);
});

test("a file that is too large is not read to its end", () => {
  const path = files({
    "rules.yaml": "rules: [ include: large.yaml ]",
    "large.yaml": `# ${"x".repeat(5 * 1024 * 1024)}`,
  });
  expect(mistakes(path)).toEqual([
    expect.stringMatching(/^rules.yaml:1:19: .*large.yaml cannot be read: it has more than 4 MiB$/),
  ]);
  expect(() => readRules("/dev/zero")).toThrow("it has more than 4 MiB");
});

test("a file that cannot be read is told as any other", () => {
  const path = join(files({ "a.yaml": "" }), "../missing.yaml");
  expect(() => readRules(path)).toThrow(ConfigError);
  expect(() => readRules(path)).toThrow("cannot be read: ENOENT");
});
