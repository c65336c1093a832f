import { isPerCpu } from "../../map-types.ts";
import type { MapSpec } from "../../spec.ts";
import { MachineError } from "../machine-error.ts";
import type { Surroundings } from "../surroundings.ts";
import { LOCKED, MachineMap } from "./machine-map.ts";
import type { MapElement } from "./map-element.ts";
import type { SpecialField } from "./special-fields.ts";

/** What arrays, hash tables and tries have in common: values in memory that programs reach, one or one for each CPU. */
export abstract class ValueMap extends MachineMap {
  readonly specialFields: readonly SpecialField[];

  constructor(spec: MapSpec, surroundings: Surroundings, specialFields: readonly SpecialField[]) {
    super(spec, surroundings);
    this.specialFields = specialFields;
  }

  protected abstract find(key: Uint8Array): MapElement | undefined;

  /** What a program's look-up does to the order of elements. */
  protected use(_element: MapElement): void {}

  get isPerCpu(): boolean {
    return isPerCpu(this.spec.type);
  }

  override lookup(key: Uint8Array): bigint {
    return this.lookupOn(key, this.isPerCpu ? this.surroundings.cpu : 0);
  }

  override lookupOn(key: Uint8Array, cpu: number): bigint {
    const element = this.find(key);
    if (element === undefined) return 0n;
    this.use(element);
    return element.address(cpu);
  }

  override get(key: Uint8Array): Uint8Array | undefined {
    const element = this.find(key);
    return element && this.userValue(element);
  }

  override *entries(): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
    for (const element of [...this.elements()]) yield [element.key.slice(), this.userValue(element)];
  }

  /** How many values an element has. */
  protected get copies(): number {
    return this.isPerCpu ? this.surroundings.cpus : 1;
  }

  /** Bytes from one CPU's value to the next, where user space reads them. */
  protected get stride(): number {
    return Math.ceil(this.spec.valueSize / 8) * 8;
  }

  protected userValue(element: MapElement): Uint8Array {
    if (!this.isPerCpu) return this.#readable(element.values[0] ?? new Uint8Array());
    const all = new Uint8Array(this.stride * element.values.length);
    for (const [cpu, value] of element.values.entries()) all.set(this.#readable(value), cpu * this.stride);
    return all;
  }

  /** What user space gives, as one value for each CPU, or as the only one. */
  protected fromUser(value: Uint8Array): Uint8Array[] {
    const { valueSize, name } = this.spec;
    const size = this.isPerCpu ? this.stride * this.surroundings.cpus : valueSize;
    if (value.length !== size)
      throw new MachineError(`a value of map "${name}" has ${size} bytes, not ${value.length}`);
    if (!this.isPerCpu) return [value];
    return Array.from({ length: this.surroundings.cpus }, (_, cpu) =>
      value.subarray(cpu * this.stride, cpu * this.stride + valueSize),
    );
  }

  /** Writes a value over another. Locks and timers stay what they are. */
  protected overwrite(target: Uint8Array, value: Uint8Array): void {
    const kept = this.specialFields.map(({ offset, size }) => [offset, target.slice(offset, offset + size)] as const);
    target.set(value);
    for (const [offset, bytes] of kept) target.set(bytes, offset);
  }

  /** Flags of an update without `BPF_F_LOCK`, which only a value with a lock takes; undefined when it is not one. */
  protected withoutLock(flags: bigint): bigint | undefined {
    if ((flags & LOCKED) === 0n) return flags;
    return this.specialFields.some(({ kind }) => kind === "lock") ? flags & ~LOCKED : undefined;
  }

  /** Nobody sees what is inside locks and timers. */
  #readable(value: Uint8Array): Uint8Array {
    const copy = value.slice();
    for (const { offset, size } of this.specialFields) copy.fill(0, offset, offset + size);
    return copy;
  }
}
