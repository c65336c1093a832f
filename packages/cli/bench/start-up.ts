/**
 * CPU time from the start of `weir watch` to the attached program, beside what Node takes to do nothing. Limit: 150 ms more.
 *
 * `npm run bench:start`, as root.
 */
import { cpus, release } from "node:os";
import { linkText, network, WATCHED } from "../test/end-to-end/network.ts";
import { type StartUpCost, startUpCost } from "./start-up-cost.ts";

const RUNS = 15;

const costs: StartUpCost[] = [];
for (let run = 0; run < RUNS; run++) {
  using net = network();
  costs.push(await startUpCost(net.near, WATCHED, () => linkText(net.near).includes("xdp")));
}
const line = (name: string, values: readonly number[]) => {
  const median = values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  return `${name.padEnd(9)} median ${median.toFixed(0)} ms: ${values.map((value) => value.toFixed(0)).join(" ")}\n`;
};
process.stdout.write(
  `${cpus()[0]?.model}, Linux ${release()}, Node ${process.versions.node}; milliseconds of CPU\n` +
    line(
      "bare",
      costs.map(({ bare }) => bare),
    ) +
    line(
      "attached",
      costs.map(({ attached }) => attached),
    ) +
    line(
      "beyond",
      costs.map(({ bare, attached }) => attached - bare),
    ),
);
