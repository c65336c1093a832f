import { execFileSync } from "node:child_process";

/** Keeps this process on a CPU, the first one unless told: what it runs in the kernel always sees the same part of per-CPU maps, and of tables with a part for each CPU. */
export function stayOnOneCpu(cpu = 0): void {
  execFileSync("taskset", ["--all-tasks", "--pid", "--cpu-list", String(cpu), String(process.pid)], {
    stdio: "ignore",
  });
}
