import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ObjectSpec, readObject } from "@weir/bytecode";

const SOURCE = new URL("./monitor.c", import.meta.url).pathname;

/** The C twin of the monitor, compiled by clang as people compile such programs; settings are macros of monitor.c. */
export function twinObject(settings: Readonly<Record<string, number | bigint>> = {}): ObjectSpec {
  const directory = mkdtempSync(join(tmpdir(), "weir-twin-"));
  try {
    const output = join(directory, "monitor.o");
    const defines = Object.entries(settings).map(([name, value]) => `-D${name}=${value}ull`);
    const include = `-I/usr/include/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
    execFileSync("clang", ["-O2", "-g", "-target", "bpf", "-mcpu=v3", include, ...defines, "-c", SOURCE, "-o", output]);
    return readObject(readFileSync(output));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
