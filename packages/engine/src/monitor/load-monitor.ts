import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { type BpfMap, type BpfProgram, type ExtensionTarget, type LoadedObject, loadObject } from "@weir/kernel";
import { FLOW_WAYS, flowTableSizes } from "@weir/programs";
import { ownProgram } from "../own-program.ts";
import type { RulesStage } from "../rules/rules-stage.ts";
import type { TableSettings } from "./check-options.ts";
import { MonitorMaps } from "./monitor-maps.ts";
import type { SampleSettings } from "./sample-settings.ts";
import { objectFor, seed, setRate, withSamples } from "./sampled-program.ts";
import { newTableForm, type TableForm } from "./table-form.ts";
import type { TableSize } from "./table-size.ts";

/** The monitor's program; the kernel knows it by the first 15 characters. */
export const PROGRAM = "xdp_packet_monitor";

/** How a monitor is loaded. */
export interface LoadMonitorOptions {
  readonly table: TableSettings;
  /** Whether frames may come in several buffers, which costs a call for each frame. */
  readonly frags: boolean;
  /** What is sampled; everything is counted without. Not with another object. */
  readonly sample?: SampleSettings | undefined;
  /** Rules that decide what is dropped. Not with another object. */
  readonly rules?: RulesStage | undefined;
  /** Another object with the monitor's maps and settings, whose program does more. */
  readonly object?: ObjectSpec;
  /** The program of that object. */
  readonly program?: string;
  /** The factors of the hash for new tables; random ones without. */
  readonly hashKeys?: readonly bigint[] | undefined;
  /** Tables that are there already, with what they hold; new ones are made without. */
  readonly tables?: ExistingTables;
}

/** The tables of another monitor, into which one more program shall count. */
export interface ExistingTables {
  readonly form: TableForm;
  /** They stay the caller's. */
  readonly maps: ReadonlyMap<string, BpfMap>;
}

/** A monitor in the kernel, not attached to anything yet. */
export interface LoadedMonitor extends Disposable {
  readonly object: LoadedObject;
  /** The whole of the program's name. */
  readonly name: string;
  /** Loaded when it is asked for first, to be attached to an interface, or by {@link extend}. */
  readonly program: BpfProgram;
  readonly maps: MonitorMaps;
  readonly form: TableForm;
  readonly rules: RulesStage | undefined;
  /** Loads the program to take the place of a dispatcher's function. */
  extend(place: ExtensionTarget): BpfProgram;
}

/**
 * Loads the monitor.
 *
 * @throws {KernelError} when the kernel has no BPF, is too old, or the process may not load programs
 */
export function loadMonitor(options: LoadMonitorOptions): LoadedMonitor {
  const { sample, frags, program: name = PROGRAM, tables, rules } = options;
  using stack = new DisposableStack();
  const form = tables?.form ?? newTableForm(options.table.connections, options.hashKeys);
  const given = new Map([...(tables?.maps ?? []), ...(rules?.maps ?? [])]);
  const object = stack.use(loadObject(configured(options, form), { maps: given }));
  rules?.fill(object, form);
  let program: BpfProgram | undefined;
  if (sample !== undefined) {
    // Tables that are in use have their random numbers, which a program may be writing at this moment.
    if (tables === undefined) seed(object);
    setRate(object, sample.rate);
  }
  const maps = stack.use(new MonitorMaps((name) => object.map(name), sample, { sectionSlots: form.slots }));
  const resources = stack.move();
  return {
    object,
    name,
    maps,
    form,
    rules,
    get program() {
      program ??= ownProgram(object, name, { frags });
      return program;
    },
    extend(place) {
      program = ownProgram(object, name, { extends: place });
      return program;
    },
    [Symbol.dispose]: () => resources[Symbol.dispose](),
  };
}

function configured(options: LoadMonitorOptions, form: TableForm): ObjectSpec {
  const { table, frags } = options;
  const { slots, sections, clock, hashKeys } = form;
  const { sample, rules } = options;
  return withConfig(
    monitorSpec({ sample, object: options.object ?? rules?.object(form, sample !== undefined) }, form),
    {
      connections: table.connections,
      flow_buckets: slots / FLOW_WAYS,
      sections,
      idle_ns: table.idle,
      tick_ns: clock.tick,
      clock_base_ns: clock.base,
      multi_buffer: frags ? 1 : 0,
      weak_memory: process.arch === "x64" ? 0 : 1,
      ...Object.fromEntries(hashKeys.map((key, index) => [`hash_key_${index}`, key])),
    },
  );
}

/** The object with tables of a form. */
export function monitorSpec(
  { sample, object }: { readonly sample: SampleSettings | undefined; readonly object?: ObjectSpec | undefined },
  { slots, sections }: TableSize,
): ObjectSpec {
  const maxEntries = slots * sections;
  const spec = object ?? objectFor(sample);
  const sampling = sample === undefined ? spec : withSamples(spec, sample, maxEntries);
  return withMapSizes(sampling, flowTableSizes(maxEntries));
}
