import { withConfig } from "@weir/bytecode";
import { Machine } from "@weir/bytecode/machine";
import { FLOW_WAYS, monitorObject, withFlowTables } from "@weir/programs";
import { vi } from "vitest";
import type { FlowFamily } from "../../../src/flow-table/flow-family.ts";

const TICK = 1_000_000n;

/** A 64-bit word of memory that gets a value. */
export interface Store {
  readonly word: number;
  readonly value: bigint;
}

/**
 * The stores that the program makes for each packet to the slot of a table with room for one connection, as packets come that are so far apart that each connection but
 * the last is idle by then.
 */
export function tracedStores({ map }: FlowFamily, packets: readonly Uint8Array[]): Store[][] {
  const object = withFlowTables(monitorObject(), { slots: FLOW_WAYS, sections: 1 });
  // All hash to the first slot.
  const factors = Object.fromEntries(["0", "1", "2", "3", "4"].map((key) => [`hash_key_${key}`, 0n]));
  const machine = new Machine(withConfig(object, { connections: 1, idle_ns: TICK, tick_ns: TICK, ...factors }));
  const memory = machine.map(map).elements()[0]?.values[0];
  const isInTable = (view: unknown): view is DataView => view instanceof DataView && view.buffer === memory?.buffer;
  const word = vi.spyOn(DataView.prototype, "setBigUint64");
  const parts = (["setUint8", "setUint16", "setUint32"] as const).map((name) => vi.spyOn(DataView.prototype, name));
  try {
    const stores = packets.map((packet) => {
      word.mockClear();
      machine.clock.now += 10n * TICK;
      machine.run({ program: "xdp_packet_monitor", packet });
      return word.mock.contexts.flatMap((view, index) => {
        const [at = 0, value = 0n] = word.mock.calls[index] ?? [];
        return isInTable(view) ? [{ word: (view.byteOffset + at) / 8, value }] : [];
      });
    });
    const isPart = parts.some(({ mock }) => mock.contexts.some(isInTable));
    if (isPart) throw new Error("the program stores parts of words");
    return stores;
  } finally {
    for (const spy of [word, ...parts]) spy.mockRestore();
  }
}
