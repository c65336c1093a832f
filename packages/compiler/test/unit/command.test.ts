import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readObject } from "@weir/bytecode";
import { afterAll, describe, expect, test } from "vitest";
import { runCommand } from "../../src/command.ts";

const fixtures = fileURLToPath(new URL("../fixtures/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "weirc-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { readonly status: number; readonly output: string; readonly errors: string } {
  const texts = { output: "", errors: "" };
  const status = runCommand(
    args,
    { write: (text) => (texts.output += text) },
    { write: (text) => (texts.errors += text) },
  );
  return { status, ...texts };
}

describe("weirc", () => {
  test("writes an object", () => {
    const file = join(folder, "vlan.o");
    expect(run(`${fixtures}programs/parse-vlan.bpf.ts`, "-o", file)).toEqual({ status: 0, output: "", errors: "" });
    expect([...readObject(readFileSync(file)).programs.keys()]).toEqual(["drop_tagged_arp"]);
  });

  test("prints instructions with their source lines", () => {
    const { status, output } = run(`${fixtures}programs/parse-vlan.bpf.ts`, "--disassemble");
    expect(status).toBe(0);
    expect(output).toContain("if (ethernet === null) return XDP_PASS;");
    expect(output).toContain("exit");
  });

  test("--set decides a configuration value for good, and leaves out the maps that are not needed then", () => {
    const file = join(folder, "variant.o");
    expect(run(`${fixtures}programs/variant.bpf.ts`, "-o", file, "--set", "counting=0")).toMatchObject({ status: 0 });
    const object = readObject(readFileSync(file));
    expect([...object.maps.keys()]).toEqual([]);
    expect([...object.configs.keys()]).toEqual(["verdict"]);
    expect(object.programs.get("count_all")?.instructions).toHaveLength(2);
  });

  test.for([
    ["counting=256", "the number 256 does not fit into u8"],
    ["counting=-1", "the number -1 does not fit into u8"],
    ["speed=1", "WEIR1210: there is no configuration value `speed` here that could be set"],
  ] as const)("--set %s is a mistake", ([setting, message]) => {
    const { status, errors } = run(`${fixtures}programs/variant.bpf.ts`, "--set", setting);
    expect(status).toBe(1);
    expect(errors).toContain(message);
  });

  test("prints the code after a pass", () => {
    const { errors } = run(`${fixtures}programs/parse-vlan.bpf.ts`, "--dump-after=simplify", "--disassemble");
    expect(errors).toContain("; after simplify");
  });

  test("names mistakes, writes nothing, and ends with 1", () => {
    const file = join(folder, "none.o");
    const { status, errors } = run(`${fixtures}mistakes/packets.bpf.ts`, "-o", file);
    expect(status).toBe(1);
    expect(errors).toContain("packets.bpf.ts:20:23 - WEIR1501");
    expect(errors).toContain("3 mistakes, nothing written");
    expect(existsSync(file)).toBe(false);
  });

  test.for([
    [[], "no input file"],
    [["a.bpf.ts", "b.bpf.ts"], 'not also "b.bpf.ts"'],
    [["a.bpf.ts", "--dump-after=nothing"], 'there is no pass "nothing"'],
    [["a.bpf.ts", "--set", "x"], '--set takes NAME=NUMBER, not "x"'],
    [["a.bpf.ts", "--set", "x=0y"], '--set takes NAME=NUMBER, not "x=0y"'],
    [["--nonsense"], "--nonsense"],
  ] as const)("wrong use %j ends with 2", ([args, message]) => {
    const { status, errors } = run(...args);
    expect(status).toBe(2);
    expect(errors).toContain(message);
    expect(errors).toContain("weirc --help");
  });

  test("an output that cannot be written ends with 3", () => {
    const { status, errors } = run(`${fixtures}programs/parse-vlan.bpf.ts`, "-o", join(folder, "missing/x.o"));
    expect(status).toBe(3);
    expect(errors).toContain("cannot write");
  });

  test("--help and --version answer on standard output", () => {
    expect(run("--help").output).toContain("Usage: weirc");
    expect(run("--version").output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
