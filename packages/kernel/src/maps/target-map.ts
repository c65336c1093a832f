import type { MapType } from "@weir/bytecode";
import { struct, u32 } from "@weir/bytecode/layout";
import type { BpfProgram } from "../programs/bpf-program.ts";
import type { BpfMap } from "./bpf-map.ts";
import { checkMap } from "./check-layout.ts";
import { KeyedMap, type MapOwnership } from "./keyed-map.ts";
import { sharedValue } from "./value-form.ts";

/**
 * `struct bpf_cpumap_val` and `struct bpf_devmap_val`: a number, and a program that runs at the target; by its descriptor
 * where it is set, by its id where it is read.
 */
const Target = struct({ number: u32, program: u32 });

/** The kernel takes descriptor 0 for none. */
const NO_PROGRAM = 0;

/** What a map of redirect targets holds at a key. */
export interface StoredTarget {
  /** Size of a CPU's queue, or index of an interface. */
  readonly number: number;
  /** Undefined when no program runs at the target. */
  readonly programId: number | undefined;
}

/** What maps of redirect targets have in common: a 32-bit key, and values that read otherwise than they are written. */
export class TargetMap implements Disposable {
  readonly map: BpfMap;
  readonly #entries: TargetEntries;

  constructor(map: BpfMap, type: MapType, ownership: MapOwnership) {
    checkMap(map, type, u32, Target);
    this.map = map;
    this.#entries = new TargetEntries(map, ownership);
  }

  get(key: number): StoredTarget | undefined {
    const value = this.#entries.get(key);
    return value && stored(value);
  }

  set(key: number, number: number, program: BpfProgram | undefined): void {
    this.#entries.set(key, { number, program: program?.descriptor.number ?? NO_PROGRAM });
  }

  delete(key: number): boolean {
    return this.#entries.delete(key);
  }

  *entries(): Generator<[key: number, target: StoredTarget], void> {
    for (const [key, value] of this.#entries.entries()) yield [key, stored(value)];
  }

  [Symbol.dispose](): void {
    this.#entries[Symbol.dispose]();
  }
}

class TargetEntries extends KeyedMap<typeof u32, { number: number; program: number }> {
  constructor(map: BpfMap, ownership: MapOwnership) {
    super(map, u32, sharedValue(Target), ownership);
  }
}

function stored({ number, program }: { readonly number: number; readonly program: number }): StoredTarget {
  return { number, programId: program === NO_PROGRAM ? undefined : program };
}
