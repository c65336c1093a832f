import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ObjectSpec, readObject } from "@weir/bytecode";

const PLACE = "/usr/bin";

/** The newest clang that is installed: `clang-19` before `clang`. */
const newest = (): string => {
  const versions = readdirSync(PLACE).flatMap((name) => /^clang-(\d+)$/.exec(name)?.[1] ?? []);
  const [best] = versions.map(Number).toSorted((a, b) => b - a);
  return best !== undefined && existsSync(join(PLACE, `clang-${best}`)) ? `clang-${best}` : "clang";
};

/** What clang says of its version, on one line. */
export function clangVersion(): string {
  return execFileSync(newest(), ["--version"], { encoding: "utf8" }).split("\n")[0] ?? "";
}

/** A C file as people compile such programs, with macros set. */
export function compileC(source: string, macros: Readonly<Record<string, number>> = {}): ObjectSpec {
  const directory = mkdtempSync(join(tmpdir(), "weir-bench-"));
  try {
    const output = join(directory, "object.o");
    const defines = Object.entries(macros).map(([macro, value]) => `-D${macro}=${value}ull`);
    const include = `-I/usr/include/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
    const target = ["-target", "bpf", "-mcpu=v3"];
    execFileSync(newest(), ["-O2", "-g", ...target, include, ...defines, "-c", source, "-o", output]);
    return readObject(readFileSync(output));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
