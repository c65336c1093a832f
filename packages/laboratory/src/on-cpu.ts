import { execFileSync } from "node:child_process";

const taskset = (...words: string[]) => execFileSync("taskset", words, { encoding: "utf8" });

/**
 * Has this thread run on one CPU until the result is disposed: what it runs in the kernel sees that CPU's part of per-CPU maps, and of tables
 * with a section for each.
 */
export function onCpu(cpu: number): Disposable {
  const pid = String(process.pid);
  // "pid 123's current affinity mask: f"
  const [before = ""] = taskset("--pid", pid).trim().split(" ").slice(-1);
  taskset("--pid", "--cpu-list", String(cpu), pid);
  return { [Symbol.dispose]: () => void taskset("--pid", before, pid) };
}
