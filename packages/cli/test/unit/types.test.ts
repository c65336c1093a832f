import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BtfBuilder } from "@weir/bytecode";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommandLine } from "../../src/command-line.ts";
import { fakeSession } from "./fake-session.ts";

describe("weir types", () => {
  let folder: string;
  let btf: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "weir-types-"));
    btf = join(folder, "made-up.btf");
    const builder = new BtfBuilder();
    const type = builder.add({ kind: "int", name: "unsigned int", size: 4, encoding: "unsigned" });
    builder.add({ kind: "struct", name: "net_thing", size: 4, members: [{ name: "ifindex", type, bitOffset: 0 }] });
    writeFileSync(btf, builder.build());
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function types(...words: string[]) {
    const session = fakeSession();
    const { code } = await runCommandLine(["types", ...words], session);
    return { code, output: session.output.text, errors: session.errors.text };
  }

  test("writes what is asked for", async () => {
    const { code, output } = await types("net_thing", "--btf", btf);
    expect(code).toBe(0);
    expect(output).toMatch(/net_thing/);
    expect(output).toMatch(/ifindex: u32/);
    const file = join(folder, "kernel.ts");
    expect(await types("net_thing", "--btf", btf, "-o", file)).toEqual({ code: 0, output: "", errors: "" });
    expect(readFileSync(file, "utf8")).toBe(output);
    const { text } = JSON.parse((await types("net_thing", "--btf", btf, "--json")).output);
    expect(text).toBe(output);
  });

  test("names what the kernel does not have, and files that cannot be read", async () => {
    expect(await types("no_thing", "--btf", btf)).toMatchObject({
      code: 2,
      errors: expect.stringContaining('no structure, union or tracepoint "no_thing"'),
    });
    expect(await types("a", "--btf", join(folder, "none"))).toMatchObject({
      code: 12,
      errors: expect.stringContaining("ENOENT"),
    });
    const text = join(folder, "text");
    writeFileSync(text, "hello".repeat(20));
    expect(await types("a", "--btf", text)).toMatchObject({ code: 12, errors: expect.stringContaining("BTF") });
  });
});
