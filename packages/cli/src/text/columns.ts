/** A column of a table: what stands above it and what in it. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  readonly cells: readonly string[];
}

/** The space between two columns. */
export const GAP = "  ";

/** Width of the widest cell or the title. */
export function widthOf(column: Column): number {
  return Math.max(column.title.length, ...column.cells.map((cell) => [...cell].length));
}

/** Fills a cell with spaces up to the width of its column. */
export function pad(cell: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - [...cell].length));
  return align === "left" ? cell + space : space + cell;
}

/** The titles and the rows of a table, each column as wide as it needs. */
export function tableLines(columns: readonly Column[]): { titles: string; rows: string[] } {
  const widths = columns.map(widthOf);
  const join = (cell: (column: Column) => string) =>
    columns
      .map((column, index) => pad(cell(column), widths[index] ?? 0, column.align))
      .join(GAP)
      .trimEnd();
  const count = columns[0]?.cells.length ?? 0;
  return {
    titles: join((column) => column.title),
    rows: Array.from({ length: count }, (_, row) => join((column) => column.cells[row] ?? "")),
  };
}
