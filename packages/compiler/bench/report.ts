import { cpus, release } from "node:os";
import { clangVersion } from "./clang.ts";
import { type Effort, geometricMean, type Measurement } from "./measurement.ts";
import type { Kind } from "./suite.ts";

/** One pair as the table shows it. */
export interface Row {
  readonly name: string;
  readonly kind: Kind;
  readonly measured: Measurement;
}

const TITLES = ["", "weir ns", "clang ns", "ratio", "noise floor", "instructions", "clang's", "verified", "clang's"];

/** What was measured, on what. */
export function heading({ loads, rounds }: Effort): string {
  return [
    `${cpus()[0]?.model}, Linux ${release()}, test run on one CPU, in turn: medians of ${rounds} rounds at ${loads} places`,
    `${clangVersion()}, -O2 -mcpu=v3`,
  ].join("\n");
}

/** A line for each pair, constructs first. */
export function table(rows: readonly Row[], markdown: boolean): string {
  const lines = rows.map(({ name, measured }) => [
    name,
    measured.weir.toFixed(1),
    measured.clang.toFixed(1),
    measured.ratio.toFixed(3),
    measured.noise.toFixed(3),
    ...[measured.instructions, measured.verified].flatMap(({ weir, clang }) => [String(weir), String(clang)]),
  ]);
  if (markdown) {
    const rule = TITLES.map((_, column) => (column === 0 ? "---" : "---:"));
    return [TITLES, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  }
  const widths = TITLES.map((title, column) =>
    Math.max(title.length, ...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  const aligned = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return [TITLES, ...lines].map(aligned).join("\n");
}

/** Mean and worst, of all pairs and of whole programs. */
export function summary(rows: readonly Row[]): string {
  const of = (what: string, some: readonly Row[]): string => {
    const worst = some.toSorted((a, b) => b.measured.ratio - a.measured.ratio)[0];
    const mean = geometricMean(some.map(({ measured }) => measured.ratio)).toFixed(3);
    return `${some.length} ${what}: geometric mean ${mean}, worst ${worst?.measured.ratio.toFixed(3)} (${worst?.name})`;
  };
  const noise = geometricMean(rows.map(({ measured }) => measured.noise));
  const programs = rows.filter(({ kind }) => kind === "program");
  return [
    of("pairs", rows),
    ...(programs.length === 0 ? [] : [of("whole programs", programs)]),
    `noise floor: geometric mean ${noise.toFixed(3)}, from ${Math.min(...rows.map(({ measured }) => measured.noise)).toFixed(3)} to ${Math.max(...rows.map(({ measured }) => measured.noise)).toFixed(3)}`,
  ].join("\n");
}
