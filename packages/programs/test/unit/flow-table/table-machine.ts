import { withConfig } from "@weir/bytecode";
import { decode } from "@weir/bytecode/layout";
import { Machine } from "@weir/bytecode/machine";
import { FLOW_WAYS, monitorObject, Stats, withFlowTables } from "../../../src/index.ts";
import type { Flow } from "./flow.ts";

const PROGRAM = "xdp_packet_monitor";
/** Of the machine's clock, which the program scales to nanoseconds. */
export const TICK = 1_000_000n;
/** Words of a slot before its key. */
const COUNT_WORDS = 4;
const MAPS = { 4: "XDP_CONN_STATS", 6: "XDP_CONN6_STATS" } as const;

export interface TableSettings {
  readonly buckets: number;
  readonly connections: number;
  readonly idle: bigint;
  /** Other settings of the program. */
  readonly config?: Readonly<Record<string, bigint>>;
}

/** What a slot holds. */
export interface Slot {
  readonly key: string;
  readonly packets: bigint;
  readonly bytes: bigint;
  readonly lastSeen: bigint;
}

type Counters = ReturnType<typeof decode<typeof Stats>>;

/** The monitor in the machine, on a CPU whose clock can be set. */
export class TableMachine {
  readonly settings: TableSettings;
  /** Instructions that the last packet took. */
  steps = 0;
  readonly #machine: Machine;

  constructor(settings: TableSettings) {
    const { buckets, connections, idle, config } = settings;
    const object = withFlowTables(monitorObject(), { slots: buckets * FLOW_WAYS, sections: 1 });
    this.settings = settings;
    this.#machine = new Machine(withConfig(object, { connections, idle_ns: idle, tick_ns: TICK, ...config }));
  }

  /** Lets a packet arrive at a tick of the clock. */
  send(flow: Flow, length: number, tick: number): void {
    this.#machine.clock.now = BigInt(tick) * TICK;
    this.steps = this.#machine.run({ program: PROGRAM, packet: flow.frame(length) }).steps;
  }

  /** A copy of a table's memory, as words. */
  memory(version: 4 | 6): BigUint64Array {
    const values = this.#machine
      .map(MAPS[version])
      .elements()
      .map(({ values: [value] }) => value ?? new Uint8Array());
    const bytes = new Uint8Array(values.reduce((sum, { length }) => sum + length, 0));
    for (const [index, value] of values.entries()) bytes.set(value, index * value.length);
    return new BigUint64Array(bytes.buffer);
  }

  /** The slots of a table, undefined where they are free. */
  slots(version: 4 | 6): (Slot | undefined)[] {
    const memory = this.memory(version);
    const words = COUNT_WORDS + (version === 4 ? 2 : 5);
    return Array.from({ length: memory.length / words }, (_, index) => {
      const [packets = 0n, bytes = 0n, lastSeen = 0n] = memory.subarray(index * words);
      const key = memory.slice(index * words + COUNT_WORDS, (index + 1) * words);
      return key.at(-1) === 0n ? undefined : { key: Buffer.from(key.buffer).toString("hex"), packets, bytes, lastSeen };
    });
  }

  /** The slots of both tables that are taken. */
  taken(): Slot[] {
    return [...this.slots(4), ...this.slots(6)].filter((slot) => slot !== undefined);
  }

  counters(): Counters {
    const [value] = this.#machine.map("STATS").elements()[0]?.values ?? [];
    if (value === undefined) throw new Error("an array has all its elements");
    return decode(Stats, new DataView(value.buffer, value.byteOffset, value.byteLength));
  }
}
