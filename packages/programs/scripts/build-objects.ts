/**
 * Compiles the kernel programs into `packages/programs/dist`, each with the stages that it needs: what is decided here leaves
 * neither code nor maps behind. Part of `npm run build`, behind tsc.
 */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

interface BuiltObject {
  /** `dist/NAME.bpf.o`. */
  readonly name: string;
  /** `src/kernel/SOURCE.bpf.ts`. */
  readonly source: string;
  /** Values of `config()`s that are decided for good. */
  readonly set: Readonly<Record<string, number>>;
}

const OBJECTS: readonly BuiltObject[] = [
  { name: "monitor", source: "monitor", set: { tracking: 1, sampling: 0, steering: 0 } },
  { name: "sampled-monitor", source: "monitor", set: { tracking: 1, sampling: 1, steering: 0 } },
  { name: "cpus", source: "steer", set: { tracking: 1, sampling: 0, steering: 1, mirror: 0 } },
  { name: "devices", source: "steer", set: { tracking: 1, sampling: 0, steering: 2 } },
  { name: "capture", source: "capture", set: {} },
  { name: "services", source: "services", set: { tracking: 0, sampling: 0, steering: 0 } },
  { name: "next-hop", source: "next-hop", set: {} },
];

const folder = resolve(import.meta.dirname, "..");
const compiler = resolve(folder, "../compiler/bin/weirc.js");

for (const { name, source, set } of OBJECTS) {
  const settings = Object.entries(set).flatMap(([config, value]) => ["--set", `${config}=${value}`]);
  const words = [compiler, `src/kernel/${source}.bpf.ts`, ...settings, "-o", `dist/${name}.bpf.o`];
  execFileSync(process.execPath, words, { cwd: folder, stdio: "inherit" });
}
