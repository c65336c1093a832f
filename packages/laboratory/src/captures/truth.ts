/** What there is to count in some frames. */
export interface Truth {
  readonly counters: Readonly<Record<string, number>>;
  /**
   * By name: protocol number, source, its port, destination, its port and kind, with a space between them. An object,
   * because test runners show well in what two of them differ.
   */
  readonly connections: Readonly<Record<string, Traffic>>;
}

/** How much a connection carried. */
export interface Traffic {
  readonly packets: number;
  /** Of whole frames. */
  readonly bytes: number;
}

/** Connections from rows of the name's six parts, packets and bytes. */
export function connectionsFrom(rows: readonly (readonly (string | number)[])[]): Truth["connections"] {
  return Object.fromEntries(
    rows.map((row) => [row.slice(0, 6).join(" "), { packets: Number(row[6]), bytes: Number(row[7]) }]),
  );
}
