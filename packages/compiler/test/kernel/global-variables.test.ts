import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readObject, writeObject } from "@weir/bytecode";
import { array, bool, struct, u32, u64 } from "@weir/bytecode/layout";
import { type LoadedObject, loadObject } from "@weir/kernel";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const file = fileURLToPath(new URL("../fixtures/programs/global-variables.bpf.ts", import.meta.url));
const frame = new Uint8Array(70);
const Totals = struct({ packets: u64, bytes: u64 });

function compiled() {
  const { object } = compile(file);
  if (object === undefined) throw new Error("the program has mistakes");
  return object;
}

function verdict(object: LoadedObject): number {
  const found = object.program("count_lengths");
  if (found.kind !== "loaded") throw new Error("there is no program");
  return found.program.testRun({ data: frame }).verdict;
}

describe.skipIf(requireRoot())("global variables", () => {
  test.each([
    ["as it was compiled", compiled],
    ["from a file", () => readObject(writeObject(compiled()))],
  ])("are read and written by user space, by name: %s", (_, object) => {
    using loaded = loadObject(object());
    expect(verdict(loaded)).toBe(2);
    expect(verdict(loaded)).toBe(2);
    expect(loaded.variable("totals", Totals).value).toEqual({ packets: 2n, bytes: 140n });
    expect(loaded.variable("histogram", array(u64, 16)).value.slice(0, 3)).toEqual([0n, 2n, 0n]);
    expect(loaded.variable("longest", u32).value).toBe(70);
    const dropping = loaded.variable("dropping", bool);
    expect(dropping.value).toBe(false);
    dropping.value = true;
    expect(verdict(loaded)).toBe(1);
    expect(loaded.variable("totals", Totals).value.packets).toBe(3n);
  });

  test.skipIf(requireTool("bpftool"))("bpftool shows each by its name", () => {
    using loaded = loadObject(compiled());
    verdict(loaded);
    const dump = (map: string) => {
      const id = String(loaded.map(map).info.id);
      return JSON.parse(execFileSync("bpftool", ["--json", "map", "dump", "id", id], { encoding: "utf8" }));
    };
    const named = (map: string) => Object.assign({}, ...dump(map)[0].formatted.value[map]);
    expect(named(".bss")).toMatchObject({ totals: { packets: 1, bytes: 70 }, dropping: false });
    expect(named(".data")).toEqual({ longest: 70 });
    expect(named(".rodata")).toMatchObject({ LIMITS: [64, 128, 256, 512], RULES: [{ queue: 7 }, { queue: 0 }] });
  });
});
