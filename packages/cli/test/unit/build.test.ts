import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readObject } from "@weir/bytecode";
import { PASS_NAMES } from "@weir/compiler";
import { afterAll, describe, expect, test } from "vitest";
import { runCommandLine } from "../../src/command-line.ts";
import { Interruption } from "../../src/interruption.ts";
import { fakeSession } from "./fake-session.ts";

const fixtures = fileURLToPath(new URL("../../../compiler/test/fixtures/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "weir-build-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function build(...words: string[]) {
  const session = fakeSession();
  const { code } = await runCommandLine(["build", ...words], session);
  return { code, output: session.output.text, errors: session.errors.text };
}

describe("weir build", () => {
  test("writes an object, and nothing beside it", async () => {
    const file = join(folder, "vlan.o");
    const { code, output, errors } = await build(`${fixtures}programs/parse-vlan.bpf.ts`, "-o", file);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(output).toMatch(
      /parse-vlan\.bpf\.ts → \S+vlan\.o: drop_tagged_arp \d+ instructions, 0 maps, [\d.]+ kB, \d+ ms\n$/,
    );
    expect([...readObject(readFileSync(file)).programs.keys()]).toEqual(["drop_tagged_arp"]);
    expect(readdirSync(folder)).toEqual(["vlan.o"]);
  });

  test("prints instructions with their source lines, and writes nothing then", async () => {
    const { code, output } = await build(`${fixtures}programs/parse-vlan.bpf.ts`, "--disassemble");
    expect(code).toBe(0);
    expect(output).toMatch(/^drop_tagged_arp:\n; parse-vlan\.bpf\.ts:12:14 {2}export const drop_tagged_arp/);
    expect(output).toMatch(/^ *\d+: exit$/m);
    expect(existsSync("parse-vlan.o")).toBe(false);
  });

  test("--set decides a configuration value for good, and leaves out the maps that are not needed then", async () => {
    const file = join(folder, "variant.o");
    const words = ["-o", file, "--set", "counting=0"];
    expect(await build(`${fixtures}programs/variant.bpf.ts`, ...words)).toMatchObject({ code: 0 });
    const object = readObject(readFileSync(file));
    expect([...object.maps.keys()]).toEqual([]);
    expect([...object.configs.keys()]).toEqual(["verdict"]);
    expect(object.programs.get("count_all")?.instructions).toHaveLength(2);
  });

  test.for([
    ["counting=256", "the number 256 does not fit into u8"],
    ["counting=-1", "the number -1 does not fit into u8"],
    ["speed=1", "WEIR1210: there is no configuration value `speed` here that could be set"],
  ] as const)("--set %s is a mistake", async ([setting, message]) => {
    const { code, errors } = await build(`${fixtures}programs/variant.bpf.ts`, "--set", setting);
    expect(code).toBe(25);
    expect(errors).toContain(message);
  });

  test("--kernel refuses what an older kernel has not", async () => {
    const file = `${fixtures}programs/copy-packet.bpf.ts`;
    const { code, errors } = await build(file, "--kernel", "5.15");
    expect(code).toBe(25);
    expect(errors).toContain("WEIR1709: `bpf_xdp_load_bytes` can be called in xdp programs from Linux 5.18 on");
    expect(await build(file, "-o", join(folder, "copy.o"), "--kernel", "5.18")).toMatchObject({ code: 0 });
    expect(await build(file, "--kernel", "new")).toMatchObject({ code: 2 });
  });

  test("prints the code after a pass, and leaves passes out", async () => {
    const words = [`${fixtures}programs/parse-vlan.bpf.ts`, "--dump-after", "simplify"];
    const { output } = await build(...words);
    expect(output).toMatch(/^; after simplify\n/);
    expect((await build(...words, "--without", "simplify")).output).toBe("");
  });

  test.each(PASS_NAMES)("prints the code after %s", async (pass) => {
    const { code, output } = await build(`${fixtures}programs/parse-vlan.bpf.ts`, "--dump-after", pass);
    expect(code).toBe(0);
    expect(output).toContain(`; after ${pass}\n`);
  });

  test("names mistakes, writes nothing, and ends with 25", async () => {
    const file = join(folder, "none.o");
    const { code, errors } = await build(`${fixtures}mistakes/packets.bpf.ts`, "-o", file);
    expect(code).toBe(25);
    expect(errors).toContain("packets.bpf.ts:20:23 - WEIR1501");
    expect(errors).toContain("3 mistakes, nothing written");
    expect(existsSync(file)).toBe(false);
  });

  test("--json has an object for each file: what was built, or its mistakes", async () => {
    const files = [`${fixtures}programs/parse-vlan.bpf.ts`, `${fixtures}mistakes/packets.bpf.ts`];
    const { code, output, errors } = await build(...files, "--json", "--disassemble");
    expect({ code, errors }).toEqual({ code: 25, errors: "" });
    const [built, wrong] = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(built).toMatchObject({ file: files[0], programs: [{ name: "drop_tagged_arp" }], maps: [] });
    expect(built.listing).toContain("exit");
    expect(wrong.diagnostics[0]).toMatchObject({
      code: "WEIR1501",
      file: expect.stringContaining("packets.bpf.ts"),
      line: 20,
      column: 23,
      endColumn: 43,
      notes: [{ line: 21, column: 7 }],
    });
  });

  test.for([
    [[], "missing required argument 'file'"],
    [["a.bpf.ts", "b.bpf.ts", "-o", "x.o"], "-o names one object"],
    [["a.bpf.ts", "--dump-after=nothing"], 'there is no pass "nothing"'],
    [["a.bpf.ts", "--without=nothing"], 'there is no pass "nothing"'],
    [["a.bpf.ts", "--set", "x"], "It must be NAME=NUMBER."],
    [["a.bpf.ts", "--set", "x=0y"], "It must be NAME=NUMBER."],
  ] as const)("wrong use %j ends with 2", async ([args, message]) => {
    const { code, errors } = await build(...args);
    expect(code).toBe(2);
    expect(errors).toContain(message);
  });

  test("an output that cannot be written ends with 19", async () => {
    const { code, errors } = await build(`${fixtures}programs/parse-vlan.bpf.ts`, "-o", join(folder, "missing/x.o"));
    expect(code).toBe(19);
    expect(errors).toContain("missing/x.o cannot be written: ENOENT");
  });
});

describe("weir build --watch", () => {
  const source = (verdict: string) =>
    `import { xdp } from "@weir/compiler/language";\nimport { verdict } from "./verdict.ts";\n${verdict}\nexport const answer = xdp(() => verdict);\n`;

  test("compiles again when the file or an import is saved, and goes on after mistakes", async () => {
    const [file, imported, object] = ["answer.bpf.ts", "verdict.ts", "answer.o"].map((name) => join(folder, name));
    if (file === undefined || imported === undefined || object === undefined) throw new Error("unreachable");
    writeFileSync(file, source(""));
    const controller = new AbortController();
    const session = fakeSession({ signal: controller.signal });
    const ended = runCommandLine(["build", file, "-o", object, "--watch"], session);
    const lines = () => session.output.text.split("\n").length - 1;
    await expect.poll(() => session.errors.text).toContain("Cannot find module './verdict.ts'");

    writeFileSync(imported, "export const verdict = 1;\n");
    await expect.poll(lines).toBe(1);
    const answer = () => readObject(readFileSync(object)).programs.get("answer")?.instructions[0]?.immediate;
    expect(answer()).toBe(1);

    writeFileSync(imported, "export const verdict = ;\n");
    await expect.poll(() => session.errors.text).toContain("TS1109");
    writeFileSync(imported, "export const verdict = 2;\n");
    await expect.poll(lines).toBe(2);
    expect(answer()).toBe(2);

    // The same text again is nothing new.
    writeFileSync(imported, "export const verdict = 2;\n");
    writeFileSync(file, source("// Another line."));
    await expect.poll(lines).toBe(3);
    controller.abort(new Interruption("signal"));
    expect(await ended).toMatchObject({ code: 0 });
    expect(lines()).toBe(3);
  });
});
