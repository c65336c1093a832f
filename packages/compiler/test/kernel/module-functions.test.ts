import { existsSync, readFileSync } from "node:fs";
import { loadObject } from "@weir/kernel";
import { expect, test } from "vitest";
import { compileFixture } from "../fixture-programs.ts";

/**
 * Kernels of distributions have connection tracking as a module. Under one of those, in a virtual machine:
 * `KERNEL_VM_MODULES=nf_conntrack scripts/kernel-vm.sh 6.12 npx vitest run --project kernel module-functions`.
 */
const leftOut = existsSync("/sys/kernel/btf/nf_conntrack") ? "" : " (left out: conntrack is no loaded module here)";

const users = (): number => Number(readFileSync("/sys/module/nf_conntrack/refcnt", "utf8"));

test.skipIf(leftOut !== "")(`functions of a module are called, and keep it loaded${leftOut}`, () => {
  const { object: spec } = compileFixture("kernel-functions");
  if (spec === undefined) throw new Error("kernel-functions has mistakes");
  const before = users();
  using object = loadObject(spec);
  for (const name of ["connections", "connections_in_turns"]) {
    const found = object.program(name);
    if (found.kind !== "loaded") throw new Error(`there is no program ${name}`);
    expect(found.program.testRun({ data: new Uint8Array(64) }).verdict).toBe(2);
  }
  expect(users()).toBeGreaterThan(before);
});
