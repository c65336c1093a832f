import { expect } from "vitest";
import type { Flow } from "./flow.ts";
import { type Slot, TableMachine, type TableSettings, TICK } from "./table-machine.ts";

interface Sums {
  readonly packets: bigint;
  readonly bytes: bigint;
}

const NOTHING: Sums = { packets: 0n, bytes: 0n };

/** A flow table that is held, with each packet, against what a plain map says of it. */
export class CheckedTable {
  readonly table: TableMachine;
  overflow = 0n;
  /** Instructions that the dearest packet took. */
  mostSteps = 0;
  #evicted = NOTHING;
  #all = NOTHING;
  readonly #sent = new Map<string, Sums>();
  readonly #slots: Record<4 | 6, (Slot | undefined)[]>;
  readonly #spreads: boolean;

  /** @param spreads whether connections have different hashes: then one that finds no place says that there is none */
  constructor(settings: TableSettings, spreads = true) {
    this.table = new TableMachine(settings);
    this.#spreads = spreads;
    this.#slots = { 4: this.table.slots(4), 6: this.table.slots(6) };
  }

  get evicted(): bigint {
    return this.#evicted.packets;
  }

  /** Sends a packet, and looks at what it changed: one more in its connection's slot, a slot that it begins, or one more in `overflow`. */
  send(flow: Flow, length: number, tick: number): void {
    const { table } = this;
    const { idle, connections } = table.settings;
    table.send(flow, length, tick);
    this.mostSteps = Math.max(this.mostSteps, table.steps);
    const bytes = BigInt(flow.frame(length).length);
    this.#all = plus(this.#all, { packets: 1n, bytes });
    this.#sent.set(flow.key, plus(this.#sent.get(flow.key) ?? NOTHING, { packets: 1n, bytes }));
    const before = this.#slots[flow.version];
    const after = table.slots(flow.version);
    this.#slots[flow.version] = after;
    const changed = after.flatMap((slot, place) => (isSame(slot, before[place]) ? [] : [place]));
    expect(changed.length).toBeLessThanOrEqual(1);
    const known = before.findIndex((slot) => slot?.key === flow.key);
    const [place] = changed;
    if (known !== -1) expect(place).toBe(known);
    const taken = before.filter((slot) => slot !== undefined).length;
    // In a table that is fuller the way may end before it comes to a slot that is free.
    const hasRoom = this.#spreads && taken < connections && taken <= (before.length * 3) / 4;
    if (place === undefined) {
      this.overflow += 1n;
      expect(hasRoom).toBe(false);
      return;
    }
    const old = before[place];
    const lastSeen = BigInt(tick) * TICK;
    const sums = plus(known === -1 || old === undefined ? NOTHING : old, { packets: 1n, bytes });
    expect(after[place]).toEqual({ key: flow.key, ...sums, lastSeen });
    if (old === undefined || known !== -1) return;
    expect(hasRoom).toBe(false);
    expect(idle).not.toBe(0n);
    expect(lastSeen).toBeGreaterThan(old.lastSeen + (old.packets === 1n ? idle / 16n : idle));
    this.#evicted = plus(this.#evicted, old);
  }

  /** Looks at what all packets have come to. */
  check(): void {
    const { table, overflow } = this;
    const counters = table.counters();
    const { packets, bytes } = this.#evicted;
    expect(counters).toMatchObject({ frames: this.#all.packets, bytes: this.#all.bytes, overflow });
    expect(counters).toMatchObject({ evicted_packets: packets, evicted_bytes: bytes });
    for (const [version, slots] of [
      [4, counters.ipv4_slots],
      [6, counters.ipv6_slots],
    ] as const) {
      expect(BigInt(table.slots(version).filter((slot) => slot !== undefined).length)).toBe(slots);
      expect(slots).toBeLessThanOrEqual(BigInt(table.settings.connections));
    }
    const taken = table.taken();
    expect(new Set(taken.map(({ key }) => key)).size).toBe(taken.length);
    const inRows = taken.reduce((sum: Sums, slot) => plus(sum, slot), NOTHING);
    expect(inRows.packets + packets + overflow).toBe(this.#all.packets);
    for (const { key, packets: counted, bytes: length } of taken) {
      const sent = this.#sent.get(key) ?? NOTHING;
      expect(counted).toBeLessThanOrEqual(sent.packets);
      expect(length).toBeLessThanOrEqual(sent.bytes);
    }
    if (overflow + packets > 0n) return;
    expect(inRows).toEqual(this.#all);
    expect(Object.fromEntries(taken.map(({ key, ...row }) => [key, plus(row, NOTHING)]))).toEqual(
      Object.fromEntries(this.#sent),
    );
  }
}

function plus(left: Sums, right: Sums): Sums {
  return { packets: left.packets + right.packets, bytes: left.bytes + right.bytes };
}

function isSame(left: Slot | undefined, right: Slot | undefined): boolean {
  return (
    left?.key === right?.key &&
    left?.packets === right?.packets &&
    left?.bytes === right?.bytes &&
    left?.lastSeen === right?.lastSeen
  );
}
