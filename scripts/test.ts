/** `npm test`: every test that this machine allows, and at the end what was left out and why. */
import { spawnSync } from "node:child_process";

const isRoot = process.getuid?.() === 0;
const projects = isRoot ? [] : ["--project", "unit"];
if (!isRoot) {
  process.stdout.write("Not root: only the unit tests run. As root the kernel and end-to-end tests run too.\n");
}
const run = spawnSync("vitest", ["run", ...projects, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = run.status ?? 1;
