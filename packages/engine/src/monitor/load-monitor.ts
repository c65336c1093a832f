import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { type BpfProgram, type LoadedObject, loadObject } from "@weir/kernel";
import { ownProgram } from "../own-program.ts";
import type { TableSettings } from "./check-options.ts";
import { calibrateClock } from "./clock.ts";
import { hashKeys } from "./hash-keys.ts";
import { MonitorMaps } from "./monitor-maps.ts";
import type { SampleSettings } from "./sample-settings.ts";
import { objectFor, seed, setRate } from "./sampled-program.ts";
import { tableSize } from "./table-size.ts";

/** The kernel knows it by the first 15 characters. */
const PROGRAM = "xdp_packet_monitor";

/** How a monitor is loaded. */
export interface LoadMonitorOptions {
  readonly table: TableSettings;
  /** Whether frames may come in several buffers, which costs a call for each frame. */
  readonly frags: boolean;
  /** What is sampled; everything is counted without. Not with another object. */
  readonly sample?: SampleSettings | undefined;
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
export function loadMonitor(options: LoadMonitorOptions): LoadedMonitor {
  const { sample, frags, program: name = PROGRAM } = options;
  using stack = new DisposableStack();
  const object = stack.use(loadObject(configured(options)));
  const program = ownProgram(object, name, { frags });
  if (sample !== undefined) {
    seed(object);
    setRate(object, sample.rate);
  }
  const maps = stack.use(new MonitorMaps((name) => object.map(name), sample));
  const resources = stack.move();
  return { object, program, maps, [Symbol.dispose]: () => resources[Symbol.dispose]() };
}

function configured({ table: { connections, idle }, sample, frags, object }: LoadMonitorOptions): ObjectSpec {
  const { slots, sections } = tableSize(connections);
  const maxEntries = slots * sections;
  const { tick, base } = calibrateClock();
  const spec = withConfig(object ?? objectFor(sample, maxEntries), {
    connections,
    slots,
    sections,
    idle_ns: idle,
    tick_ns: tick,
    clock_base_ns: base,
    multi_buffer: frags ? 1 : 0,
    ...hashKeys(),
  });
  return withMapSizes(spec, { XDP_CONN_STATS: maxEntries, XDP_CONN6_STATS: maxEntries });
}
