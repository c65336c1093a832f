import { mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDirectory } from "../../src/index.ts";
import { nativeCalls, replaceNativeCalls } from "../../src/native/current-calls.ts";

let folder: string;
let directory: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "weir-lock-"));
  directory = join(folder, "pins");
  mkdirSync(directory);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The real calls; the first lock comes late: whoever had it before has changed what is in its place. */
function lockAfter(change: () => void): Disposable {
  const calls = nativeCalls();
  let first = true;
  return replaceNativeCalls({
    ...calls,
    flock(descriptor, operation) {
      if (first) change();
      first = false;
      return calls.flock(descriptor, operation);
    },
  });
}

test("one process at a time has it, and others wait as long as they are told", () => {
  {
    using lock = lockDirectory(directory, 0);
    expect(lock).toBeDefined();
    expect(lockDirectory(directory, 0)).toBeUndefined();
    const before = performance.now();
    expect(lockDirectory(directory, 20)).toBeUndefined();
    expect(performance.now() - before).toBeGreaterThan(20);
  }
  using again = lockDirectory(directory, 0);
  expect(again).toBeDefined();
});

test("it is that of the directory which is there when the wait ends", () => {
  using _ = lockAfter(() => {
    renameSync(directory, join(folder, "elsewhere"));
    mkdirSync(directory);
  });
  using lock = lockDirectory(directory, 0);
  expect(lock).toBeDefined();
  expect(lockDirectory(directory, 0)).toBeUndefined();
  using other = lockDirectory(join(folder, "elsewhere"), 0);
  expect(other).toBeDefined();
});

test("there is none where the directory went meanwhile", () => {
  using _ = lockAfter(() => rmdirSync(directory));
  expect(() => lockDirectory(directory, 0)).toThrow(expect.objectContaining({ code: "WEIR_NOT_FOUND" }));
});
