import type { EntryContents, MapContents, MapEntryContents } from "@weir/engine/development";
import { type Column, tableLines } from "../text/columns.ts";
import { printable } from "../text/printable.ts";
import type { Look } from "./look.ts";
import { columnsOf, isEmpty, type ValueColumn, valueText } from "./value-text.ts";

/** The records of these are shown as they come. */
const STREAMS: ReadonlySet<string> = new Set(["ring-buffer", "perf-event-array"]);

/** What maps hold, each as a table. */
export function mapTables(maps: readonly MapContents[], look: Look): string[] {
  const held = maps.filter((map) => map.kind !== "closed" || !STREAMS.has(map.type));
  return held.flatMap((map, index) => [...(index > 0 ? [""] : []), ...mapTable(map, look)]);
}

function mapTable(map: MapContents, look: Look): string[] {
  const name = look.style("bold", printable(map.name));
  switch (map.kind) {
    case "variables":
      return map.variables.map(
        (variable) =>
          `${look.style("bold", printable(variable.name))} = ${valueText(variable.layout, variable.value, true)}`,
      );
    case "closed":
      return [`${name}  ${look.style("dim", `${map.type}: cannot be read from here`)}`];
    case "entries":
      return [`${name}  ${look.style("dim", heading(map))}`, ...entryLines(map, look)];
  }
}

function heading({ type, total, capacity }: EntryContents): string {
  const isIndexed = type === "array" || type === "per-cpu-array";
  const of = `${total.toLocaleString("en-US")} of ${capacity.toLocaleString("en-US")}`;
  return `${type}, ${of} ${isIndexed ? "elements are not 0" : "entries"}`;
}

function entryLines(map: EntryContents, look: Look): string[] {
  const { entries, total } = map;
  if (entries.length === 0) return [];
  // Of a per-CPU map first the sum, then the CPUs that have a part in it, where that are several.
  const rows = entries.flatMap((entry): Row[] => [{ entry, value: entry.value }, ...partsOf(entry)]);
  const { titles, rows: lines } = tableLines([
    ...columnsOf(map.key, "key", false).map((part) => column(part, "left", rows, keyCell(part))),
    ...columnsOf(map.value, "value", true).map((part) => column(part, "right", rows, ({ value }) => part.text(value))),
  ]);
  const more = total - entries.length;
  return [
    look.style("dim", titles),
    ...lines.map((line, index) => (rows[index]?.cpu === undefined ? line : look.style("dim", line))),
    ...(more > 0 ? [look.style("dim", `… and ${more.toLocaleString("en-US")} more`)] : []),
  ];
}

/** A line of the table: an entry, or the part of a CPU in it. */
interface Row {
  readonly entry: MapEntryContents;
  readonly value: unknown;
  readonly cpu?: number;
}

function partsOf(entry: MapEntryContents): Row[] {
  const parts = (entry.cpus ?? []).flatMap((value, cpu): Row[] => (isEmpty(value) ? [] : [{ entry, value, cpu }]));
  return parts.length > 1 ? parts : [];
}

const keyCell = (part: ValueColumn) => (row: Row) =>
  row.cpu === undefined ? part.text(row.entry.key) : `  cpu ${row.cpu}`;

function column(part: ValueColumn, align: Column["align"], rows: readonly Row[], cell: (row: Row) => string): Column {
  return { title: printable(part.name), align, cells: rows.map(cell) };
}
