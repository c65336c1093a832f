import { type Clock, calibrateClock } from "./clock.ts";
import { hashKeys } from "./hash-keys.ts";
import { type TableSize, tableSize } from "./table-size.ts";

/** What is fixed in a program and must be the same in each one that counts into the same tables. */
export interface TableForm extends TableSize {
  readonly hashKeys: readonly bigint[];
  /** A clock that was found anew may be one tick off: a connection could seem to have been seen in the future. */
  readonly clock: Clock;
}

/** The form of new tables. @param keys those of other tables, where the same connections shall be chosen as there */
export function newTableForm(connections: number, keys: readonly bigint[] = hashKeys()): TableForm {
  return { ...tableSize(connections), hashKeys: keys, clock: calibrateClock() };
}
