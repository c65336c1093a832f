import { onCpu } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { tableSettings } from "../src/monitor/check-options.ts";
import { type LoadedMonitor, loadMonitor } from "../src/monitor/load-monitor.ts";

export type IpVersion = "IPv4" | "IPv6";

/** A frame, and where in it four bytes of the source address are, which make it one of another connection. */
const FRAMES = {
  IPv4: { frame: ethernet().ipv4().tcp().toBytes(), address: 26 },
  IPv6: { frame: ethernet().ipv6().tcp().toBytes(), address: 34 },
};
/** One of so many connections has more packets than one, so that there is something to sort. */
const BUSY = 100;
const MOST_PACKETS = 50;

/** How a table is filled. */
export interface Filling {
  readonly version: IpVersion;
  readonly connections: number;
  /** The CPUs that connections are counted on. */
  readonly cpus: readonly number[];
  /** Whether each connection is counted on all of them, and not on one. */
  readonly isOnAll?: boolean;
}

/** A monitor whose table is made for so many connections on one CPU, and holds as many. */
export function filledMonitor({ version, connections, cpus, isOnAll = false }: Filling): LoadedMonitor {
  const monitor = loadMonitor({ table: tableSettings({ connections, idle: 0 }), sample: undefined, frags: false });
  const { frame, address } = FRAMES[version];
  const view = new DataView(frame.buffer, frame.byteOffset);
  for (const [index, cpu] of cpus.entries()) {
    using _there = onCpu(cpu);
    for (let connection = 0; connection < connections; connection++) {
      if (!isOnAll && connection % cpus.length !== index) continue;
      view.setUint32(address, Math.imul(connection + 1, 0x9e37_79b1));
      const packets = connection % BUSY === 0 ? 1 + ((connection / BUSY) % MOST_PACKETS) : 1;
      // One by one: a run that repeats makes the kernel patch its code first.
      for (let packet = 0; packet < packets; packet++) monitor.program.testRun({ data: frame });
    }
  }
  return monitor;
}
