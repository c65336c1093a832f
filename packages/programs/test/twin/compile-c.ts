import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** A C file of this folder, compiled by clang as people compile such programs, with macros set. */
export function compileC(name: string, macros: Readonly<Record<string, number | bigint>> = {}): ObjectSpec {
  const directory = mkdtempSync(join(tmpdir(), "weir-twin-"));
  try {
    const output = join(directory, "object.o");
    const defines = Object.entries(macros).map(([macro, value]) => `-D${macro}=${value}ull`);
    const include = `-I/usr/include/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
    const source = fileURLToPath(new URL(name, import.meta.url));
    execFileSync("clang", ["-O2", "-g", "-target", "bpf", "-mcpu=v3", include, ...defines, "-c", source, "-o", output]);
    return readObject(readFileSync(output));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
