import { MachineMap } from "./machine-map.ts";

/** What a program put out for a CPU. */
export interface PerfEvent {
  readonly cpu: number;
  /** Data, and the part of the packet that was asked for. */
  readonly bytes: Uint8Array;
}

/** `BPF_MAP_TYPE_PERF_EVENT_ARRAY`: somebody listens on every CPU that the map has a place for. */
export class PerfEventArray extends MachineMap {
  readonly #events: PerfEvent[] = [];

  add(event: PerfEvent): void {
    this.#events.push(event);
  }

  /** What was put out since the last time, oldest first. */
  take(): PerfEvent[] {
    return this.#events.splice(0);
  }
}
