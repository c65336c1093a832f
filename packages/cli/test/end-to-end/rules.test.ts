import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot, requireTool } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePcap } from "./pcap-file.ts";
import { weirWords } from "./weir.ts";

const folder = mkdtempSync(join(tmpdir(), "weir-rules-"));
const path = (name: string) => join(folder, name);
const DOCUMENT = readFileSync(new URL("../../../../docs/rules.md", import.meta.url), "utf8");
const udp = (port: number) => ethernet().ipv4().udp({ sourcePort: 5000, destinationPort: port }).toBytes();
const SIZE = udp(53).length;

beforeAll(() => {
  writePcap(path("some.pcap"), [53, 80, 53, 123].map(udp));
  writeFileSync(
    path("rules.yaml"),
    'rules: [ { name: all, match: "", action: count }, { name: dns, match: "udp and dst port 53", action: drop } ]',
  );
  // The command runs as nobody.
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(words: readonly string[]) {
  const [node, all] = weirWords(words);
  // Without any privilege.
  const dropped = ["--reuid", "65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", node, ...all];
  const { status, stdout, stderr } = spawnSync("setpriv", dropped, { encoding: "utf8", cwd: folder });
  return { status, stdout, stderr };
}

/** The first block of code in a document that begins so. */
function block(start: string): string {
  const from = DOCUMENT.indexOf(`\`\`\`${start}`);
  const text = DOCUMENT.slice(DOCUMENT.indexOf("\n", from) + 1);
  return text.slice(0, text.indexOf("```"));
}

describe.skipIf(requireTool("setpriv"))("weir rules check", () => {
  test("says how many rules there are, and what looks like a mistake", () => {
    writeFileSync(
      path("odd.yaml"),
      "rules: [ { name: a, match: tcp, action: drop }, { name: b, match: tcp, action: pass } ]",
    );
    expect(run(["rules", "check", "rules.yaml", "odd.yaml"])).toEqual({
      status: 0,
      stdout:
        "rules.yaml: 2 rules, 0 sets\n" +
        'odd.yaml:1:49: warning: the rule "b": it can never match: "a" (odd.yaml:1) decides for all of its frames\n' +
        "odd.yaml: 2 rules, 0 sets\n",
      stderr: "",
    });
  });

  test("reads standard input", () => {
    const [node, words] = weirWords(["rules", "check", "-"]);
    // Node gives a child a socket, which cannot be opened as /dev/stdin; a shell gives a pipe.
    const piped = ["-c", 'cat rules.yaml | "$@"', "sh", node, ...words];
    expect(spawnSync("sh", piped, { encoding: "utf8", cwd: folder }).stdout).toBe("-: 2 rules, 0 sets\n");
  });

  test("tells mistakes as the documentation shows them, and goes on with the next file", () => {
    writeFileSync(path("wrong.yaml"), block("yaml wrong"));
    const shown = block("console").split("\n").slice(1).join("\n");
    expect(shown).toContain("wrong.yaml:3:29");
    const { status, stdout, stderr } = run(["rules", "check", "wrong.yaml", "rules.yaml"]);
    expect({ status, stdout, stderr }).toEqual({ status: 21, stdout: "rules.yaml: 2 rules, 0 sets\n", stderr: shown });
  });

  test("has mistakes in JSON, too, and a code of its own for a file that cannot be read", () => {
    writeFileSync(path("wrong.yaml"), "rules: 5");
    const { status, stdout, stderr } = run(["rules", "check", "wrong.yaml", "rules.yaml", "--json"]);
    expect({ status, stderr }).toEqual({ status: 21, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject([
      {
        file: "wrong.yaml",
        valid: false,
        rules: null,
        problems: [{ file: "wrong.yaml", line: 1, column: 8, path: "rules" }],
      },
      { file: "rules.yaml", valid: true, rules: 2, problems: [], warnings: [] },
    ]);
    expect(run(["rules", "check", "nowhere.yaml"])).toMatchObject({ status: 12, stdout: "" });
    expect(run(["rules", "check", "nowhere.yaml"]).stderr).toContain(
      "the configuration nowhere.yaml cannot be read: ENOENT",
    );
    expect(run(["rules", "check"])).toMatchObject({ status: 2 });
  });

  test("tells bad lines of files with sets, and the replay does, too", () => {
    writeFileSync(path("list.txt"), "198.51.100.0/24\n198.51.100.7/24\n");
    writeFileSync(
      path("sets.yaml"),
      "sets: { s: { file: list.txt } }\nrules: [ { name: a, match: src in @s, action: drop } ]",
    );
    const expected = "weir: list.txt:2:1: 198.51.100.7/24 has bits behind its length: the prefix is 198.51.100.0/24\n";
    expect(run(["rules", "check", "sets.yaml"])).toEqual({ status: 21, stdout: "", stderr: expected });
    expect(run(["replay", "some.pcap", "--rules", "sets.yaml"])).toEqual({ status: 21, stdout: "", stderr: expected });
  });

  test("prints the schema", () => {
    const schema = JSON.parse(run(["rules", "check", "--schema"]).stdout);
    expect(schema).toMatchObject({ title: "weir rules", type: "object" });
    expect(Object.keys(schema.properties)).toEqual(["vlan", "default", "fail", "sets", "rules"]);
  });

  test("takes all files that the documentation shows", () => {
    writeFileSync(path("guard.yaml"), readFileSync(path("rules.yaml")));
    writeFileSync(path("blocklist.txt"), "198.51.100.0/24 # since May\n2001:db8:bad::/48\n");
    const examples = [...DOCUMENT.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) => text);
    expect(examples.length).toBe(5);
    for (const [index, text] of examples.entries()) {
      writeFileSync(path(`${index}.yaml`), text);
      const { status, stderr } = run(["rules", "check", `${index}.yaml`]);
      expect({ status, stderr }, text).toEqual({ status: 0, stderr: "" });
    }
  });
});

describe.skipIf(requireTool("setpriv"))("weir replay with rules, without a privilege", () => {
  test("says what each rule did, and that connections are not counted", () => {
    const { status, stdout, stderr } = run(["replay", "some.pcap", "--rules", "rules.yaml"]);
    expect(status).toBe(0);
    expect(stdout).toBe(
      [
        `4 frames  passed 2, ${2 * SIZE} B  dropped 2, ${2 * SIZE} B`,
        "",
        "RULE               ACTION  PACKETS  BYTES  SHARE",
        `all                count         4  ${4 * SIZE} B  100 %`,
        `dns                drop          2   ${2 * SIZE} B   50 %`,
        `(no rule decided)  pass          2   ${2 * SIZE} B   50 %`,
        "",
      ].join("\n"),
    );
    expect(stderr).toMatch(/^weir: the rules were tried without the kernel, and connections are not counted: .*EPERM/);
  });

  test("as JSON", () => {
    const { stdout } = run(["replay", "some.pcap", "--rules", "rules.yaml", "--json", "--frames"]);
    const tally = (packets: number) => ({ packets, bytes: packets * SIZE });
    expect(JSON.parse(stdout)).toEqual({
      rules: [
        { name: "all", action: "count", ...tally(4) },
        { name: "dns", action: "drop", ...tally(2) },
      ],
      ...{ default: { action: "pass", ...tally(2) }, passed: tally(2) },
      dropped: { ...tally(2), byRule: tally(2), byLimit: tally(0), byDefault: tally(0) },
      withoutKernel: expect.stringContaining("EPERM"),
      frames: [
        { number: 1, verdict: "drop", rule: "dns" },
        { number: 2, verdict: "pass", rule: "all" },
        { number: 3, verdict: "drop", rule: "dns" },
        { number: 4, verdict: "pass", rule: "all" },
      ],
    });
    expect(JSON.parse(run(["replay", "some.pcap", "--rules", "rules.yaml", "--json"]).stdout).frames).toBe(4);
  });

  test("frame by frame, also of those before a place where the file is damaged", () => {
    const words = ["--rules", "rules.yaml", "--frames"];
    expect(run(["replay", "some.pcap", ...words])).toEqual({
      status: 0,
      stdout: "1 drop dns\n2 pass all\n3 drop dns\n4 pass all\n",
      stderr: "",
    });
    writeFileSync(path("cut.pcap"), readFileSync(path("some.pcap")).subarray(0, -5));
    expect(run(["replay", "cut.pcap", ...words])).toMatchObject({
      status: 15,
      stdout: "1 drop dns\n2 pass all\n3 drop dns\n",
    });
  });

  test("many frames, to a reader that is slower", () => {
    writePcap(
      path("many.pcap"),
      Array.from({ length: 20_000 }, () => udp(53)),
    );
    const { stdout } = run(["replay", "many.pcap", "--rules", "rules.yaml", "--frames"]);
    expect(stdout.split("\n").slice(-2)).toEqual(["20000 drop dns", ""]);
  });

  test("mistakes are told before the capture is opened, warnings beside the result", () => {
    writeFileSync(path("wrong.yaml"), "rules: 5");
    expect(run(["replay", "nowhere.pcap", "--rules", "wrong.yaml"])).toMatchObject({ status: 21, stdout: "" });
    expect(run(["replay", "nowhere.pcap", "--rules", "rules.yaml"])).toMatchObject({ status: 12, stdout: "" });
    expect(run(["replay", "some.pcap", "--frames"])).toMatchObject({ status: 2, stdout: "" });
    writeFileSync(path("empty.yaml"), "rules: []");
    const { status, stderr } = run(["replay", "some.pcap", "--rules", "empty.yaml", "--frames"]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: "weir: empty.yaml:1:1: warning: there are no rules in it\n",
    });
    // What has ended by now may have held when the capture was made.
    writeFileSync(path("over.yaml"), "rules: [ { name: a, match: udp, action: drop, until: 2024-01-01T00:00:00Z } ]");
    expect(run(["rules", "check", "over.yaml"]).stdout).toContain("it ended at 2024-01-01");
    expect(run(["replay", "some.pcap", "--rules", "over.yaml", "--frames"])).toMatchObject({ status: 0, stderr: "" });
  });
});

describe.skipIf(requireRoot())("weir replay with rules, with the kernel", () => {
  test("counts connections besides", () => {
    const [node, words] = weirWords(["replay", path("some.pcap"), "--rules", path("rules.yaml")]);
    const { stdout, stderr } = spawnSync(node, [...words, "--json"], { encoding: "utf8" });
    expect(stderr).toBe("");
    const { frames, tracked, rules, dropped, identity } = JSON.parse(stdout);
    expect({ frames, tracked, dropped, identity }).toMatchObject({
      ...{ frames: 4, tracked: 3, dropped: { packets: 2, bytes: 2 * SIZE } },
      identity: { seenAfter: 4, passed: 4, holds: true, exact: true },
    });
    expect(rules.map(({ packets }: { packets: number }) => packets)).toEqual([4, 2]);
    const table = spawnSync(node, words, { encoding: "utf8" }).stdout;
    expect(table).toContain("PROTO  SOURCE");
    expect(table).toContain("RULE               ACTION  PACKETS  BYTES");
  });
});
