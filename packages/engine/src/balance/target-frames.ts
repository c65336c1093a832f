import type { Decoded } from "@weir/bytecode/layout";
import { type LoadedObject, PerCpuArrayMap } from "@weir/kernel";
import { SteeredFrames } from "@weir/programs";
import { sumOfCpus } from "../per-cpu-sums.ts";

/** Frames given to one target, on all CPUs together. */
export type SteeredSums = Readonly<Decoded<typeof SteeredFrames>>;

/** The program's own counters, for what it passed on and for each target. */
export class TargetFrames implements Disposable {
  readonly #map: PerCpuArrayMap<typeof SteeredFrames>;

  constructor(object: LoadedObject) {
    this.#map = PerCpuArrayMap.of(object.map("TARGETS"), { value: SteeredFrames });
  }

  /** What was passed on first, then the targets in order. */
  read(): SteeredSums[] {
    return [...this.#map.entries()].map(([, parts]) => sumOfCpus(parts));
  }

  [Symbol.dispose](): void {
    this.#map[Symbol.dispose]();
  }
}
