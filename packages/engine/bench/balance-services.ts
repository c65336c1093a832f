/**
 * What the load balancer costs for a packet, beside the counting of totals that it contains and a program that does nothing, by test run: 10,000
 * flows one after the other, to a service with 100 backends, by MAC rewrite and by IPIP.
 *
 * `npm run bench:services`, as root.
 */
import { cpus, release } from "node:os";
import { fileURLToPath } from "node:url";
import { type ObjectSpec, withConfig, withMap } from "@weir/bytecode";
import { compile, formatDiagnostics } from "@weir/compiler";
import { ethernet } from "@weir/testing";
import { Balanced, backend, config, service } from "../test/balance-services/balanced.ts";

const REPEAT = 200_000;
/** Many short ones: where something else runs beside it, some are still undisturbed. */
const ROUNDS = 10;
/** Each program is loaded so often: which cache lines its tables share with each other is a matter of luck. */
const LOADS = 5;
const FLOWS = 10_000;

const source = fileURLToPath(new URL("../../programs/bench/services.bpf.ts", import.meta.url));
const { object, diagnostics } = compile(source, { fixed: { tracking: 0n, sampling: 0n, steering: 0n, filtering: 0n } });
if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
const compiled = object;

const backends = Array.from({ length: 100 }, (_, index) => backend(`192.0.2.${100 + index}`));
const delivered = (delivery: "mac" | "tunnel") => config([service({ delivery, backends })]);

/** The balancer's own object, with the program of the benchmark in place of its own. */
const withStage =
  (stage: number) =>
  (spec: ObjectSpec): ObjectSpec => {
    // The types of maps are the object's own; only their sizes are the balancer's.
    const sized = [...compiled.maps.keys()].reduce((made, name) => {
      const known = spec.maps.get(name);
      return known === undefined ? made : withMap(made, name, { maxEntries: known.maxEntries });
    }, compiled);
    const configs = Object.fromEntries([...spec.configs.values()].map(({ name, default: value }) => [name, value]));
    const known = Object.entries(configs).filter(([name]) => compiled.configs.has(name));
    return withConfig(sized, { ...Object.fromEntries(known), stage, flows: FLOWS });
  };

using objects = new DisposableStack();
function runner(delivery: "mac" | "tunnel", stage: number): () => number {
  const balanced = objects.use(new Balanced(delivered(delivery), withStage(stage), "repeatable"));
  const data = ethernet().ipv4({ destination: "203.0.113.1" }).tcp({ destinationPort: 80 }).paddedTo(60);
  return () => {
    // The programs take turns, and each has tables of its own: what the others have put out of the caches comes back first.
    balanced.program.testRun({ data, repeat: 3 * FLOWS });
    const start = process.threadCpuUsage();
    balanced.program.testRun({ data, repeat: REPEAT });
    const { user, system } = process.threadCpuUsage(start);
    return ((user + system) * 1000) / REPEAT;
  };
}

const programs: readonly (readonly [name: string, delivery: "mac" | "tunnel", stage: number])[] = [
  ["null", "mac", 0],
  ["null, head moved twice", "mac", 1],
  ["totals", "mac", 2],
  ["MAC rewrite", "mac", 3],
  ["IPIP", "tunnel", 3],
];
const times = new Map<string, number[]>(programs.map(([name]) => [name, []]));
const all = Array.from({ length: LOADS }, () =>
  programs.map(([name, delivery, stage]) => [name, runner(delivery, stage)] as const),
).flat();
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of all) times.get(name)?.push(run());
}

/** The value below which a part of the rounds lie: 0 is the least, 0.5 the median. */
function quantile(name: string, part: number): number {
  const sorted = (times.get(name) ?? []).toSorted((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
}
const lines = [
  `${cpus()[0]?.model}, Linux ${release()}, test run, ${LOADS} loads, ${ROUNDS} rounds of ${REPEAT} packets of ${FLOWS} flows, by the thread's CPU time`,
  "                            least   10 %  median",
];
const parts = [0, 0.1, 0.5];
const row = (name: string, values: readonly number[]) =>
  lines.push(`  ${name.padEnd(24)}${values.map((value) => value.toFixed(1).padStart(7)).join("")}`);
for (const name of times.keys())
  row(
    name,
    parts.map((part) => quantile(name, part)),
  );
const over = (name: string, part: number) => quantile(name, part) - quantile("null", part);
const back = (part: number) => over("null, head moved twice", part) / 2;
lines.push("over null; of IPIP without moving the head back, which is the benchmark's:");
row(
  "totals",
  parts.map((part) => over("totals", part)),
);
row(
  "MAC rewrite",
  parts.map((part) => over("MAC rewrite", part)),
);
row(
  "IPIP",
  parts.map((part) => over("IPIP", part) - back(part)),
);
process.stdout.write(`${lines.join("\n")}\n`);
