import { u32 } from "@weir/bytecode/layout";
import { onlineCpus } from "../system/cpus.ts";
import type { BpfMap } from "./bpf-map.ts";
import { checkMap } from "./check-layout.ts";
import { PerfRing } from "./perf-ring.ts";
import { putEntry } from "./put-entry.ts";

/** How much is kept for the reader. */
export interface PerfOptions {
  /** Pages of each CPU's ring: a power of two; default 8. */
  readonly pages?: number;
}

/**
 * Records that programs write into a ring of the CPU that they run on. The ring buffer (`RingBuffer`) has one ring for all, and
 * keeps the order.
 *
 * @example
 * ```ts
 * using object = loadObject(monitor);
 * using events = new PerfEventArray(object.map("events"));
 * events.drain((record, cpu) => console.log(cpu, record.length));
 * ```
 * Since Linux 4.4.
 * @see BPF_MAP_TYPE_PERF_EVENT_ARRAY
 */
export class PerfEventArray implements Disposable {
  readonly map: BpfMap;
  readonly #rings: ReadonlyMap<number, PerfRing>;

  /** Makes a ring for each CPU that runs, and tells the map; somebody else closes the map. @throws {KernelError} */
  constructor(map: BpfMap, { pages = 8 }: PerfOptions = {}) {
    checkMap(map, "perf-event-array", u32, u32);
    this.map = map;
    const rings = new Map<number, PerfRing>();
    this.#rings = rings;
    try {
      for (const cpu of onlineCpus()) {
        const ring = new PerfRing(cpu, pages);
        rings.set(cpu, ring);
        putEntry(map, cpu, ring.event);
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Records that found no room in their ring, as far as `drain` has come to know. */
  get lost(): bigint {
    return [...this.#rings.values()].reduce((sum, ring) => sum + ring.lost, 0n);
  }

  /** Takes out the records that are there, CPU by CPU; returns how many. */
  drain(handle: (record: Uint8Array, cpu: number) => void): number {
    let count = 0;
    for (const [cpu, ring] of this.#rings) count += ring.drain((record) => handle(record, cpu));
    return count;
  }

  /** Closes the rings: programs write nothing any more. */
  [Symbol.dispose](): void {
    for (const ring of this.#rings.values()) ring[Symbol.dispose]();
  }
}
