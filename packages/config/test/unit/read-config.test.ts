import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { ConfigError, jsonSchema, parseConfig, readConfig } from "../../src/index.ts";

const backend = z.strictObject({ address: z.string(), weight: z.int().min(0).max(100).default(1) });
const schema = z.strictObject({
  mode: z.enum(["auto", "drv"]).optional(),
  interfaces: z.array(z.union([z.string(), z.strictObject({ name: z.string(), mtu: z.int() })])).optional(),
  backends: z.array(backend).optional(),
});

function mistakes(text: string): string[] {
  try {
    parseConfig(text, "weir.yaml", schema);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("a configuration", () => {
  test("is YAML, with defaults filled in", () => {
    const text = "# comment\nmode: drv\nbackends:\n  - { address: 192.0.2.1 }\n";
    expect(parseConfig(text, "weir.yaml", schema)).toEqual({
      mode: "drv",
      backends: [{ address: "192.0.2.1", weight: 1 }],
    });
  });

  test("is JSON, too", () => {
    const text = '{\n\t"mode": "auto",\n\t"backends": [{"address": "2001:db8::1", "weight": 7}]\n}';
    expect(parseConfig(text, "weir.json", schema).backends).toEqual([{ address: "2001:db8::1", weight: 7 }]);
  });

  test.for([
    ["mode: fast", ['weir.yaml:1:7: mode: Invalid option: expected one of "auto"|"drv", found "fast"']],
    ["mode: drv\nmodes: drv", ['weir.yaml:2:1: unknown key "modes"; known here: mode, interfaces, backends']],
    [
      "backends:\n  - address: a\n    weigth: 3\n  - weight: 101",
      [
        'weir.yaml:3:5: backends[0]: unknown key "weigth"; known here: address, weight',
        "weir.yaml:4:5: backends[1].address: is missing",
        "weir.yaml:4:13: backends[1].weight: Too big: expected number to be <=100, found 101",
      ],
    ],
    [
      "interfaces:\n  - eth0\n  - name: eth1\n    mtx: 9",
      [
        "weir.yaml:3:5: interfaces[1].mtu: is missing",
        'weir.yaml:4:5: interfaces[1]: unknown key "mtx"; known here: name, mtu',
      ],
    ],
    ["interfaces: 5", ["weir.yaml:1:13: interfaces: Invalid input: expected array, received number"]],
    [
      "mode: drv\ninterfaces: [ { name: a, mtu: 01500 } ]",
      ["weir.yaml:2:31: 01500 begins with a zero: write the number without it, or the text in quotes"],
    ],
    ["- eth0", ["weir.yaml:1:1: Invalid input: expected object, received array"]],
    ["", ["weir.yaml:1:1: there is nothing in it"]],
    ["mode: drv\nmode: auto", ["weir.yaml:2:1: Map keys must be unique"]],
    ["mode: !secret drv", ["weir.yaml:1:7: Unresolved tag: !secret"]],
    [
      "mode: [drv",
      ["weir.yaml:1:11: Flow sequence in block collection must be sufficiently indented and end with a ]"],
    ],
    ["mode: drv\n---\nmode: auto", ["weir.yaml:2:1: here begins a second document, and a configuration is one"]],
  ] as const)("%j is refused with its place", ([text, expected]) => {
    expect(mistakes(text)).toEqual(expected);
  });

  test("cannot eat the memory with aliases of aliases", () => {
    const lists = Array.from({ length: 9 }, (_, n) => `  - &a${n + 1} [${Array(9).fill(`*a${n}`).join(", ")}]`);
    expect(mistakes(`interfaces:\n  - &a0 [eth0]\n${lists.join("\n")}`)).toEqual([
      "weir.yaml:1:1: Excessive alias count indicates a resource exhaustion attack",
    ]);
  });

  test("that cannot be read says why", () => {
    expect(() => readConfig("/no/such/weir.yaml", schema)).toThrow(
      expect.objectContaining({ code: "WEIR_FILE", message: expect.stringContaining("ENOENT") }),
    );
  });

  test("with a thousand mistakes names twenty, and says how many there are", () => {
    const named = mistakes(Array.from({ length: 1000 }, (_, index) => `unknown${index}: 1`).join("\n"));
    expect(named).toHaveLength(21);
    expect(named.at(-1)).toBe("weir.yaml: and 980 more");
  });

  test("that has no end cannot be read", () => {
    expect(() => readConfig("/dev/zero", schema)).toThrow(
      expect.objectContaining({ code: "WEIR_FILE", message: expect.stringContaining("more than 4 MiB") }),
    );
  });

  test("that is a named pipe is refused, and one of the shell's is read", () => {
    const folder = mkdtempSync(join(tmpdir(), "config-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "pipe");
    execFileSync("mkfifo", [file]);
    expect(() => readConfig(file, schema)).toThrow("it is a named pipe");
    const script = `import { readConfig } from "@weir/config"; import * as z from "zod";
      console.log(readConfig(process.argv[1], z.strictObject({ top: z.int() })).top);`;
    const words = ["--conditions=source", "--input-type=module", "-e", script];
    const shell = ["-c", '"$0" "$@" <(echo "top: 7")', process.execPath, ...words];
    expect(execFileSync("bash", shell).toString()).toBe("7\n");
  });

  test("that is not UTF-8 cannot be read", () => {
    const folder = mkdtempSync(join(tmpdir(), "config-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "weir.yaml");
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x61]));
    expect(() => readConfig(file, schema)).toThrow(expect.objectContaining({ code: "WEIR_FILE" }));
  });

  test("has a JSON schema for editors", () => {
    expect(jsonSchema(schema)).toMatchObject({
      additionalProperties: false,
      properties: { mode: { enum: ["auto", "drv"] }, backends: { items: { required: ["address"] } } },
    });
  });
});
