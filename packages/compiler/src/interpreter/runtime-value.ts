/** Memory that a record lies in: the packet, a map's value, or a record's own. */
export interface Reference {
  readonly memory: Uint8Array;
  /** Bytes. */
  readonly offset: number;
}

/** What an expression gives: an integer (a boolean is 0 or 1), a record, null, or nothing. */
export type RuntimeValue = bigint | Reference | null | undefined;
