import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheFolder } from "../../src/compile-cache.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "weir-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

test("compiled code is kept in a folder of the user's own", () => {
  expect(cacheFolder(home)).toBe(join(home, ".cache/weir"));
  expect(cacheFolder(home)).toBe(join(home, ".cache/weir"));
});

test.for(["", ".cache", ".cache/weir"])("not where others may write into ~/%s", (folder) => {
  mkdirSync(join(home, ".cache/weir"), { recursive: true });
  chmodSync(join(home, folder), 0o775);
  expect(cacheFolder(home)).toBeUndefined();
});

test("not behind a link", () => {
  const elsewhere = join(home, "elsewhere");
  mkdirSync(elsewhere);
  mkdirSync(join(home, ".cache"));
  symlinkSync(elsewhere, join(home, ".cache/weir"));
  expect(cacheFolder(home)).toBeUndefined();
});

test("not where there is no home", () => {
  expect(cacheFolder(undefined)).toBeUndefined();
  expect(cacheFolder(join(home, "nobody"))).toBeUndefined();
  expect(existsSync(join(home, "nobody"))).toBe(false);
});
