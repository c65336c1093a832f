import { execFileSync } from "node:child_process";

/** Keeps this process on the first CPU, so that what it runs in the kernel always sees the same part of per-CPU maps. */
export function onOneCpu(): void {
  execFileSync("taskset", ["--all-tasks", "--pid", "--cpu-list", "0", String(process.pid)], { stdio: "ignore" });
}
