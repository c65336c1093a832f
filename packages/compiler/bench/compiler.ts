/**
 * weir's compiler against clang: nanoseconds per packet of each pair of the suite, by test run on one CPU, and instructions as the
 * kernel runs them. The runs are interleaved; clang's object, loaded as often a second time, is the noise floor.
 *
 * `npm run bench:compiler`, as root, with clang. Words choose pairs by the beginning of their names; `--loads` (31) and
 * `--rounds` (3) say how thoroughly; `--markdown` is for the documentation.
 */
import { parseArgs } from "node:util";
import { stayOnOneCpu } from "@weir/laboratory";
import { difference } from "./equivalence.ts";
import { measure } from "./measurement.ts";
import { heading, type Row, summary, table } from "./report.ts";
import { pairs } from "./suite.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    loads: { type: "string", default: "31" },
    rounds: { type: "string", default: "3" },
    markdown: { type: "boolean", default: false },
  },
});
// Both must see the same part of per-CPU maps.
stayOnOneCpu();
const effort = { loads: Number(values.loads), rounds: Number(values.rounds) };

const rows: Row[] = pairs(positionals).map((pair) => {
  const found = difference(pair);
  if (found !== undefined) throw new Error(`${pair.name} and its twin differ at ${found}`);
  return { name: pair.name, kind: pair.kind, measured: measure(pair, effort) };
});

process.stdout.write(`${heading(effort)}\n\n${table(rows, values.markdown)}\n\n${summary(rows)}\n`);
