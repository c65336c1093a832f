import { type ObjectSpec, withConfig, withMap } from "@weir/bytecode";
import { type BpfProgram, type LoadedObject, loadObject } from "@weir/kernel";
import { monitorObject } from "@weir/programs";
import type { TableSettings } from "./check-options.ts";
import { calibrateClock } from "./clock.ts";
import { hashKeys } from "./hash-keys.ts";
import { MonitorMaps } from "./monitor-maps.ts";
import { tableSize } from "./table-size.ts";

/** The kernel knows it by the first 15 characters. */
const PROGRAM = "xdp_packet_monitor";

/** How a monitor is loaded. */
export interface LoadMonitorOptions {
  /** Whether frames may come in several buffers, which costs a call for each frame. */
  readonly frags: boolean;
  /** Another object with the monitor's maps and settings, whose program does more. */
  readonly object?: ObjectSpec;
  /** The program of that object. */
  readonly program?: string;
}

/** A monitor in the kernel, not attached to anything yet. */
export interface LoadedMonitor extends Disposable {
  readonly object: LoadedObject;
  readonly program: BpfProgram;
  readonly maps: MonitorMaps;
}

/**
 * Loads the monitor.
 *
 * @throws {KernelError} when the kernel has no BPF, is too old, or the process may not load programs
 */
export function loadMonitor(table: TableSettings, options: LoadMonitorOptions): LoadedMonitor {
  const { frags, object: spec = monitorObject(), program: name = PROGRAM } = options;
  using stack = new DisposableStack();
  const object = stack.use(loadObject(configured(spec, table, frags)));
  const found = object.program(name, { frags });
  if (found.kind === "not found") {
    throw new Error(`the monitor's object has no program ${name}; it has ${found.available.join(", ")}`);
  }
  const maps = stack.use(new MonitorMaps((name) => object.map(name)));
  const resources = stack.move();
  return { object, program: found.program, maps, [Symbol.dispose]: () => resources[Symbol.dispose]() };
}

function configured(object: ObjectSpec, { connections, idle }: TableSettings, frags: boolean): ObjectSpec {
  const { slots, sections } = tableSize(connections);
  const { tick, base } = calibrateClock();
  const spec = withConfig(object, {
    connections,
    slots,
    sections,
    idle_ns: idle,
    tick_ns: tick,
    clock_base_ns: base,
    multi_buffer: frags ? 1 : 0,
    ...hashKeys(),
  });
  const maxEntries = slots * sections;
  return withMap(withMap(spec, "XDP_CONN_STATS", { maxEntries }), "XDP_CONN6_STATS", { maxEntries });
}
