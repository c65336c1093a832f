import type { Connection, Rates } from "@weir/engine";
import { type Column, GAP, pad, tableLines, widthOf } from "../text/columns.ts";
import { formatBitRate, formatBytes, formatCount, formatDuration, formatRate } from "../text/units.ts";
import { destinationText, protocolText, sourceText } from "./endpoint.ts";
import type { Look } from "./look.ts";
import { estimated } from "./sampling.ts";

/** A row of the table; a replay has no rates. */
export type Row = Connection & Partial<Rates>;

/**
 * The table of connections. Columns that do not fit are left out, the least important first; addresses are never cut:
 * where two do not fit side by side, the second goes to a line of its own.
 */
export function connectionTable(rows: readonly Row[], look: Look): string[] {
  const protocol = column("PROTO", "left", rows.map(protocolText));
  const source = column("SOURCE", "left", rows.map(sourceText));
  const destination = column("DESTINATION", "left", rows.map(destinationText));
  const required = [protocol, source, destination];
  const numbers = numberColumns(rows, look);
  const wanted = numbers.slice(0, 3);
  for (const extra of numbers.slice(3)) if (total([...required, ...wanted, extra]) <= look.columns) wanted.push(extra);
  const space = look.columns - total([protocol, ...wanted]) - 2 * GAP.length;
  if (widthOf(source) + widthOf(destination) <= space) {
    const { titles, rows: lines } = tableLines([...required, ...wanted]);
    return [look.style("dim", titles), ...lines];
  }
  return foldedTable({ protocol, source, destination, numbers: wanted, space }, look);
}

interface FoldedTable {
  readonly protocol: Column;
  readonly source: Column;
  readonly destination: Column;
  readonly numbers: readonly Column[];
  /** For both addresses together. */
  readonly space: number;
}

function foldedTable({ protocol, source, destination, numbers, space }: FoldedTable, look: Look): string[] {
  const left = Math.max(Math.floor(space / 2), source.title.length);
  const right = Math.max(space - left, destination.title.length);
  const tail = tableLines(numbers);
  const both = left + GAP.length + right;
  const start = (text: string) => pad(text, widthOf(protocol), "left") + GAP;
  const lines = [
    look.style(
      "dim",
      `${start(protocol.title)}${pad(source.title, left, "left")}${GAP}${pad(destination.title, right, "left")}${GAP}${tail.titles}`,
    ),
  ];
  for (const [index, name] of protocol.cells.entries()) {
    const [from, to] = [source.cells[index] ?? "", destination.cells[index] ?? ""];
    const folded = from.length > left || to.length > right;
    const ends = folded ? pad(from, both, "left") : pad(from, left, "left") + GAP + pad(to, right, "left");
    lines.push(`${start(name)}${ends}${GAP}${shiftLeft(tail.rows[index] ?? "", ends.length - both)}`);
    if (folded) lines.push(`${start("")}${look.style("dim", "→")} ${to}`);
  }
  return lines;
}

/** The longest IPv6 addresses may take the space that stands before short numbers. */
function shiftLeft(numbers: string, by: number): string {
  return numbers.slice(Math.min(Math.max(by, 0), numbers.length - numbers.trimStart().length));
}

/** Most important first. */
function numberColumns(rows: readonly Row[], { now }: Look): Column[] {
  const columns = [
    column(
      "PACKETS",
      "right",
      rows.map(({ packets, standardError }) => estimated(formatCount(packets), packets, standardError, "packets")),
    ),
    column(
      "BYTES",
      "right",
      rows.map(({ bytes, standardError }) => estimated(formatBytes(bytes), bytes, standardError, "bytes")),
    ),
  ];
  const mark = ({ standardError }: Row) => (standardError === undefined ? "" : "~");
  if (rows.some(({ drops }) => drops > 0n))
    columns.push(
      column(
        "DROPS",
        "right",
        rows.map((row) => mark(row) + formatCount(row.drops)),
      ),
    );
  if (rows.every(({ packetsPerSecond }) => packetsPerSecond === undefined)) return columns;
  const seconds = (then: bigint) => Number(now - then) / 1e9;
  return [
    ...columns,
    column(
      "RATE",
      "right",
      rows.map((row) => mark(row) + formatRate(row.packetsPerSecond ?? 0)),
    ),
    column(
      "BANDWIDTH",
      "right",
      rows.map((row) => mark(row) + formatBitRate(row.bytesPerSecond ?? 0)),
    ),
    column(
      "LAST SEEN",
      "right",
      rows.map(({ lastSeen }) => `${formatDuration(seconds(lastSeen))} ago`),
    ),
  ];
}

function column(title: string, align: "left" | "right", cells: readonly string[]): Column {
  return { title, align, cells };
}

function total(columns: readonly Column[]): number {
  return columns.reduce((sum, each) => sum + widthOf(each), GAP.length * (columns.length - 1));
}
