import type { FieldOf, Structure } from "./structure.ts";

const LITTLE_ENDIAN = true; // every architecture weir runs on

/** Reads and writes the fields of one kernel structure in memory, by the kernel's names. */
export class StructureView<S extends Structure> {
  readonly structure: S;
  readonly #view: DataView;
  readonly #offset: number;

  constructor(structure: S, view: DataView, offset = 0) {
    this.structure = structure;
    this.#view = view;
    this.#offset = offset;
  }

  /** Sets the named fields and leaves the others as they are. */
  assign(values: { readonly [F in FieldOf<S>]?: number | bigint }): this {
    for (const [field, value] of Object.entries<number | bigint | undefined>(values)) {
      // Object.entries widens the keys, which the parameter's type has already checked.
      if (value !== undefined) this.set(field as FieldOf<S>, value);
    }
    return this;
  }

  set(field: FieldOf<S>, value: number | bigint): void {
    const [offset, size] = this.#place(field);
    if (size === 8) this.#view.setBigUint64(offset, BigInt.asUintN(64, BigInt(value)), LITTLE_ENDIAN);
    else if (size === 4) this.#view.setUint32(offset, Number(value), LITTLE_ENDIAN);
    else if (size === 2) this.#view.setUint16(offset, Number(value), LITTLE_ENDIAN);
    else this.#view.setUint8(offset, Number(value));
  }

  number(field: FieldOf<S>): number {
    const [offset, size] = this.#place(field);
    if (size === 8) return Number(this.#view.getBigUint64(offset, LITTLE_ENDIAN));
    if (size === 4) return this.#view.getUint32(offset, LITTLE_ENDIAN);
    if (size === 2) return this.#view.getUint16(offset, LITTLE_ENDIAN);
    return this.#view.getUint8(offset);
  }

  bigint(field: FieldOf<S>): bigint {
    return this.#view.getBigUint64(this.#place(field)[0], LITTLE_ENDIAN);
  }

  /** Writes text into a `char` array, cut so that the closing zero byte fits. */
  setText(field: FieldOf<S>, text: string): void {
    const target = this.bytes(field);
    target.fill(0);
    target.set(new TextEncoder().encode(text).subarray(0, target.length - 1));
  }

  /** Reads a `char` array up to its closing zero byte. */
  text(field: FieldOf<S>): string {
    const bytes = this.bytes(field);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  bytes(field: FieldOf<S>): Uint8Array {
    const [offset, size] = this.#place(field);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + offset, size);
  }

  #place(field: FieldOf<S>): readonly [offset: number, size: number] {
    const place = this.structure.fields[field];
    if (place === undefined) throw new TypeError(`${this.structure.name} has no field ${field}`);
    return [this.#offset + place[0], place[1]];
  }
}
