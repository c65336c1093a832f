import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tryCommand } from "@weir/laboratory";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCommandLine } from "../../src/command-line.ts";
import { version } from "../../src/version.ts";
import { fakeSession } from "./fake-session.ts";

const MODULES = fileURLToPath(new URL("../../../../node_modules", import.meta.url));

describe("weir new", () => {
  const before = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "weir-new-"));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  async function make(...words: string[]) {
    const session = fakeSession();
    const { code } = await runCommandLine(["new", ...words], session);
    return { code, output: session.output.text, errors: session.errors.text };
  }

  test("makes a project, and says how to go on", async () => {
    const { code, output } = await make("port-dropper");
    expect(code).toBe(0);
    expect(output).toContain("cd port-dropper && npm install && npm test");
    const manifest = JSON.parse(readFileSync("port-dropper/package.json", "utf8"));
    expect(manifest).toMatchObject({ name: "port-dropper", devDependencies: { weir: version(), vitest: "5.1.1" } });
    expect(readFileSync("port-dropper/.gitignore", "utf8")).toBe("node_modules\n*.o\n");
    expect(readFileSync("port-dropper/README.md", "utf8")).toMatch(/^# port-dropper\n/);
  });

  test("into a folder that is empty, as JSON", async () => {
    mkdirSync("empty");
    const { output } = await make("empty", "--json");
    expect(JSON.parse(output)).toEqual({
      folder: "empty",
      files: [
        ".gitignore",
        ".npmrc",
        "README.md",
        "package.json",
        "src/kernel/drop-port.bpf.ts",
        "src/kernel/tsconfig.json",
        "src/records.ts",
        "test/drop-port.test.ts",
        "tsconfig.json",
      ],
    });
  });

  test("the project's versions are those of this repository", async () => {
    await make("versions");
    const { devDependencies } = JSON.parse(readFileSync("versions/package.json", "utf8"));
    const root = JSON.parse(readFileSync(new URL("../../../../package.json", import.meta.url), "utf8"));
    for (const name of ["@types/node", "typescript", "vitest"])
      expect(devDependencies[name]).toBe(root.devDependencies[name]);
  });

  test("what it makes is what tsc accepts, the program with the kernel's language and the rest with Node's", {
    timeout: 60_000,
  }, async () => {
    await make("checked");
    symlinkSync(MODULES, "checked/node_modules");
    const check = (project: string) =>
      tryCommand(process.execPath, [join(MODULES, "typescript/bin/tsc"), "-p", `checked/${project}`]).stdout;
    expect(check("src/kernel")).toBe("");
    expect(check(".")).toBe("");
    const program = readFileSync("checked/src/kernel/drop-port.bpf.ts", "utf8");
    writeFileSync("checked/src/kernel/drop-port.bpf.ts", program.replace("udp === null ||", ""));
    expect(check("src/kernel")).toContain("'udp' is possibly 'null'");
    writeFileSync("checked/src/kernel/drop-port.bpf.ts", `${program}console.log(1);\n`);
    expect(check("src/kernel")).toContain("Cannot find name 'console'");
  });

  test.each([["../up"], ["a/b"], ["Big"], [".hidden"], ["-x"], [""], ["a".repeat(215)]])(
    "%j is no name",
    async (name) => {
      expect(await make("--", name)).toMatchObject({ code: 2, errors: expect.stringContaining("cannot be the name") });
    },
  );

  test("leaves alone what is there", async () => {
    mkdirSync("full");
    writeFileSync("full/mine", "mine");
    expect(await make("full")).toMatchObject({ code: 19, errors: expect.stringContaining("left as it is") });
    writeFileSync("file", "");
    expect(await make("file")).toMatchObject({ code: 19, errors: expect.stringContaining("ENOTDIR") });
    expect(readFileSync("full/mine", "utf8")).toBe("mine");
  });
});
