import { execFileSync } from "node:child_process";

/** Keeps this process on the first CPU: what it runs in the kernel always sees the same part of per-CPU maps, and of tables with a part for each CPU. */
export function stayOnOneCpu(): void {
  execFileSync("taskset", ["--all-tasks", "--pid", "--cpu-list", "0", String(process.pid)], { stdio: "ignore" });
}
