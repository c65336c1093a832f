/**
 * Compiles the kernel programs into `packages/programs/dist`, each with the stages that it needs: what is decided here leaves
 * neither code nor maps behind. Part of `npm run build`, behind tsc. Objects have the names of their sources as they are from the working directory, which is the package's.
 */
import { writeFileSync } from "node:fs";
import { writeObject } from "@weir/bytecode";
import { compile, formatDiagnostics } from "@weir/compiler";

interface BuiltObject {
  /** `dist/NAME.bpf.o`. */
  readonly name: string;
  /** `src/kernel/SOURCE.bpf.ts`. */
  readonly source: string;
  /** Values of `config()`s that are decided for good. */
  readonly set: Readonly<Record<string, number>>;
}

const OBJECTS: readonly BuiltObject[] = [
  { name: "monitor", source: "monitor", set: { tracking: 1, sampling: 0, steering: 0, filtering: 0 } },
  { name: "filter", source: "monitor", set: { tracking: 1, sampling: 0, steering: 0, filtering: 1, reporting: 0 } },
  {
    name: "reporting-filter",
    source: "monitor",
    set: { tracking: 1, sampling: 0, steering: 0, filtering: 1, reporting: 1 },
  },
  {
    name: "sampled-filter",
    source: "monitor",
    set: { tracking: 1, sampling: 1, steering: 0, filtering: 1, reporting: 0 },
  },
  {
    name: "sampled-reporting-filter",
    source: "monitor",
    set: { tracking: 1, sampling: 1, steering: 0, filtering: 1, reporting: 1 },
  },
  { name: "sampled-monitor", source: "monitor", set: { tracking: 1, sampling: 1, steering: 0, filtering: 0 } },
  { name: "cpus", source: "steer", set: { tracking: 1, sampling: 0, steering: 1, mirror: 0, filtering: 0 } },
  { name: "devices", source: "steer", set: { tracking: 1, sampling: 0, steering: 2, filtering: 0 } },
  { name: "capture", source: "capture", set: {} },
  { name: "sample-capture", source: "sample-capture", set: {} },
  { name: "dispatcher", source: "dispatcher", set: {} },
  { name: "services", source: "services", set: { tracking: 0, sampling: 0, steering: 0, filtering: 0 } },
  { name: "next-hop", source: "next-hop", set: {} },
  { name: "sets", source: "sets", set: {} },
];

for (const { name, source, set } of OBJECTS) {
  const fixed = Object.fromEntries(Object.entries(set).map(([config, value]) => [config, BigInt(value)]));
  const { object, diagnostics } = compile(`src/kernel/${source}.bpf.ts`, { fixed });
  if (object === undefined) {
    process.stderr.write(`${formatDiagnostics(diagnostics)}\n`);
    process.exit(1);
  }
  writeFileSync(`dist/${name}.bpf.o`, writeObject(object));
}
