import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BtfBuilder } from "@weir/bytecode";
import { splitBtf } from "@weir/laboratory";
import { afterAll, expect, test } from "vitest";
import { type KernelModule, kernelModules } from "../../../src/system/kernel-modules.ts";
import { replaceTypesFolder } from "../../../src/system/types-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "weir-modules-"));
const replacement = replaceTypesFolder(folder);
afterAll(() => {
  replacement[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

const builder = new BtfBuilder();
builder.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
const base = builder.build();

function loadModule(name: string, type: string): void {
  const module = new BtfBuilder(base);
  module.add({ kind: "typedef", name: type, type: 1 });
  // A new file, as the kernel makes one.
  writeFileSync(join(folder, "new"), splitBtf(base, module.build()));
  renameSync(join(folder, "new"), join(folder, name));
}

function firstModule(likely: string): KernelModule | undefined {
  for (const module of kernelModules(likely)) return module;
  return undefined;
}

test("modules are read when their turn comes, the likely one first, and again only once they were loaded anew", () => {
  writeFileSync(join(folder, "vmlinux"), base);
  writeFileSync(join(folder, "broken"), "");
  loadModule("second", "two");
  const likely = firstModule("second");

  expect(likely?.name).toBe("second");
  expect(likely?.btf.find("typedef", "two")?.id).toBe(2);
  expect(firstModule("second")).toBe(likely);
  loadModule("second", "other");
  expect(firstModule("second")?.btf.find("typedef", "other")?.id).toBe(2);
  expect(() => firstModule("not_loaded")).toThrow("the BTF section ends after 0 bytes");
  rmSync(join(folder, "broken"));
  loadModule("first", "one");
  expect([...kernelModules()].map(({ name }) => name).sort()).toEqual(["first", "second"]);
});
