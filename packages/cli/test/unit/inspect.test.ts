import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeObject } from "@weir/bytecode";
import { compile } from "@weir/compiler";
import { afterAll, describe, expect, test } from "vitest";
import { runCommandLine } from "../../src/command-line.ts";
import { fakeSession } from "./fake-session.ts";

const fixtures = fileURLToPath(new URL("../../../compiler/test/fixtures/programs/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "weir-inspect-"));
afterAll(() => rmSync(folder, { recursive: true }));

function object(name: string): string {
  const { object } = compile(`${fixtures}${name}.bpf.ts`);
  if (object === undefined) throw new Error(`${name} does not compile`);
  const file = join(folder, `${name}.o`);
  writeFileSync(file, writeObject(object));
  return file;
}

async function inspect(...words: string[]) {
  const session = fakeSession();
  const { code } = await runCommandLine(["inspect", ...words], session);
  return { code, output: session.output.text, errors: session.errors.text };
}

describe("weir inspect FILE", () => {
  test("prints maps, settings and sizes, and the instructions below their lines", async () => {
    const { code, output } = await inspect(object("switch-protocol"));
    expect(code).toBe(0);
    expect(output).toMatch(/switch-protocol\.o {2}[\d.]+ kB {2}Dual MIT\/GPL/);
    expect(output).toMatch(/^MAP +TYPE +ENTRIES +KEY +VALUE$/m);
    expect(output).toMatch(/^FUNCTION +INSTRUCTIONS +STACK +WITH CALLS +CALLS\ncount_protocols .* firstZero$/m);
    expect(output).toMatch(/^; switch-protocol\.bpf\.ts:\d+:\d+ {2}const firstZero = subprogram/m);
    expect(output).toMatch(/^ *\d+: call pc\+\d+ ; firstZero$/m);
  });

  test("a map without keys, or without values either, has no sizes of them", async () => {
    const file = object("all-maps");
    const lines = (await inspect(file, "--no-listing")).output.split("\n");
    const rows = ["JOBS", "EVENTS"].map((name) => lines.findIndex((line) => line.startsWith(`${name} `)));
    expect(lines[rows[0] ?? 0]).toMatch(/ 4 {5}— +16 B$/);
    expect(lines[(rows[0] ?? 0) + 1]).toBe("    16 bytes");
    expect(lines[rows[1] ?? 0]).toMatch(/ 4,096 {5}— {6}—$/);
    expect(lines[(rows[1] ?? 0) + 1]).toMatch(/^SOCKETS/);
    const { maps } = JSON.parse((await inspect(file, "--json", "--no-listing")).output);
    const events = maps.find((map: { name: string }) => map.name === "EVENTS");
    expect(events).toMatchObject({ key: null, keySize: 0, value: null, valueSize: 0 });
  });

  test("prints the same as JSON", async () => {
    const file = object("variant");
    const { output } = await inspect(file, "--json");
    expect(JSON.parse(output)).toMatchObject({
      file,
      license: "Dual MIT/GPL",
      configs: [
        { name: "counting", bits: 8, value: 1 },
        { name: "verdict", bits: 32, value: 2 },
      ],
      maps: [{ type: "per-cpu-array", key: "u32", keySize: 4 }],
      programs: [{ name: "count_all", section: "xdp", helpers: ["bpf_map_lookup_elem"], functions: [{ calls: [] }] }],
    });
    const short = JSON.parse((await inspect(file, "--json", "--no-listing")).output);
    expect(short.programs[0].listing).toEqual([]);
  });

  test.each([
    [[], "inspect takes one of"],
    [["a.o", "--program", "1"], "inspect takes one of"],
    [["--program", "0"], "It must be a whole number"],
    [["--program", "1", "--load"], "--load is for an object file"],
    [["a.o", "--verifier-log"], "--verifier-log goes with --load"],
  ])("wrong use %j ends with 2", async (words, message) => {
    const { code, errors } = await inspect(...words);
    expect(code).toBe(2);
    expect(errors).toContain(message);
  });

  test("what is no object, and what is not there, ends with 12", async () => {
    const text = join(folder, "text.o");
    writeFileSync(text, "hello".repeat(20));
    expect(await inspect(text)).toMatchObject({ code: 12, errors: expect.stringContaining("not an ELF file") });
    expect(await inspect(join(folder, "none.o"))).toMatchObject({
      code: 12,
      errors: expect.stringContaining("ENOENT"),
    });
  });
});
