import { HashMap } from "./hash-map.ts";
import type { MapElement } from "./map-element.ts";

/**
 * `BPF_MAP_TYPE_LRU_HASH` and `BPF_MAP_TYPE_LRU_PERCPU_HASH`. The element that programs have not used for the longest time gives
 * way to a new one. The kernel only comes near that order: it keeps lists for each CPU, and takes from them in batches.
 */
export class LruHashMap extends HashMap {
  /** The table is kept in the order of use. */
  protected override use(element: MapElement): void {
    const key = element.key.join();
    this.table.delete(key);
    this.table.set(key, element);
  }

  protected override makeRoom(): boolean {
    if (!super.makeRoom()) {
      const [oldest] = this.table.values();
      if (oldest !== undefined) this.delete(oldest.key);
    }
    return true;
  }
}
