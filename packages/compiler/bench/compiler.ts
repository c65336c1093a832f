/**
 * weir's compiler against clang: nanoseconds per packet of each pair of the suite, by test run on one CPU, and instructions as the
 * kernel runs them. The runs are interleaved; clang's object loaded a second time is the noise floor.
 *
 * `npm run bench:compiler`, as root, with clang. Words choose pairs by the beginning of their names; `--rounds N` (31),
 * `--markdown` for the documentation.
 */
import { parseArgs } from "node:util";
import { Contender } from "./contender.ts";
import { difference } from "./equivalence.ts";
import { measure } from "./measurement.ts";
import { heading, type Row, summary, table } from "./report.ts";
import { pairs } from "./suite.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "31" }, markdown: { type: "boolean", default: false } },
});
const rounds = Number(values.rounds);

const rows: Row[] = pairs(positionals).map((pair) => {
  const found = difference(pair);
  if (found !== undefined) throw new Error(`${pair.name} and its twin differ at ${found}`);
  using objects = new DisposableStack();
  const load = (): Contender => new Contender(pair.clang(), pair.program, objects);
  const contenders = { weir: new Contender(pair.weir(), pair.program, objects), clang: load(), again: load() };
  const measured = measure(contenders, pair.frame, rounds);
  const [weir, clang] = [contenders.weir.program.info(), contenders.clang.program.info()];
  return { name: pair.name, kind: pair.kind, measured, weir, clang };
});

process.stdout.write(`${heading(rounds)}\n\n${table(rows, values.markdown)}\n\n${summary(rows)}\n`);
