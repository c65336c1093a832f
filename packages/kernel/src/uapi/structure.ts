/** How a kernel structure lies in memory. */
export interface Structure<Field extends string = string> {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Offset and size in bytes of each field. */
  readonly fields: Readonly<Record<Field, readonly [offset: number, size: number]>>;
}

/** The names of a structure's fields. */
export type FieldOf<S extends Structure> = keyof S["fields"] & string;
