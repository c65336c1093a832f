import type { Surroundings } from "../surroundings.ts";
import type { MachineMap } from "./machine-map.ts";

/** What a map holds at a key: a value, or one for each CPU. */
export class MapElement {
  readonly map: MachineMap;
  readonly key: Uint8Array;
  /** The map's own memory. */
  readonly values: readonly Uint8Array[];
  readonly #surroundings: Surroundings;
  #isReleased = false;
  /** Of the values; only those that a program has asked for. */
  readonly #addresses: bigint[] = [];

  constructor(map: MachineMap, surroundings: Surroundings, key: Uint8Array, values: readonly Uint8Array[]) {
    this.map = map;
    this.#surroundings = surroundings;
    this.key = key;
    this.values = values;
  }

  /** Of the value of a CPU, or of the only value; 0 when there is no such CPU. */
  address(cpu: number): bigint {
    const value = this.values[cpu];
    if (value === undefined) return 0n;
    this.#addresses[cpu] ??= this.#surroundings.memory.add(`a value of map "${this.map.spec.name}"`, value, {
      access: this.map.isReadOnly ? "read-only" : "writable",
      owner: this,
    });
    return this.#addresses[cpu];
  }

  /** It is no longer in the map. */
  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** Takes it out of the map. A program that holds its address may use it until it ends, as the kernel promises. */
  release(): void {
    this.#isReleased = true;
    for (const address of this.#addresses) {
      // A CPU whose value nobody asked for leaves a gap.
      if (address === undefined) continue;
      this.#surroundings.timers.forget(address, this.map.spec.valueSize);
      this.#surroundings.retire(address);
    }
  }
}
