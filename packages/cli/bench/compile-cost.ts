import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const WEIR = fileURLToPath(new URL("../bin/weir.cjs", import.meta.url));

/** What the largest of weir's own programs is made of. */
export const MONITOR = fileURLToPath(new URL("../../programs/src/kernel/monitor.bpf.ts", import.meta.url));

/** Milliseconds of CPU, of all threads, that `weir build` takes from its start to its end. */
export function compileCost(file: string): number {
  const before = cpuOfChildren();
  const { status, stderr } = spawnSync(process.execPath, [WEIR, "build", file, "-o", "/dev/null"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`weir build ${file} ended with ${status}: ${stderr}`);
  return cpuOfChildren() - before;
}

/** Of all children that have ended, from `/proc/self/stat` (proc_pid_stat(5)), where the kernel counts in steps of 10 ms. */
export function cpuOfChildren(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The name in the second field may have spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
