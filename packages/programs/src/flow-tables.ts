import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { FLOW_WAYS } from "./records/flow.ts";

/** The maps of the flow tables of both IP versions, and of their indices. */
export type FlowMapName = "XDP_CONN_STATS" | "XDP_CONN6_STATS" | "XDP_CONN_INDEX" | "XDP_CONN6_INDEX";

/**
 * How many elements the maps of flow tables have that have so many slots, those of all sections together.
 *
 * @example
 * ```ts
 * const object = withMapSizes(monitorObject(), flowTableSizes(2 * 13_656));
 * ```
 */
export function flowTableSizes(slots: number): Readonly<Record<FlowMapName, number>> {
  const buckets = Math.ceil(slots / FLOW_WAYS);
  return { XDP_CONN_STATS: slots, XDP_CONN6_STATS: slots, XDP_CONN_INDEX: buckets, XDP_CONN6_INDEX: buckets };
}

/**
 * A monitor's object whose flow tables have a section of so many slots for each CPU.
 *
 * @param size `slots` of one section, a multiple of 8
 * @throws {RangeError} when they are not
 * @example
 * ```ts
 * const object = withFlowTables(monitorObject(), { slots: 13_656, sections: 4 });
 * ```
 */
export function withFlowTables(
  object: ObjectSpec,
  { slots, sections }: { readonly slots: number; readonly sections: number },
): ObjectSpec {
  if (slots % FLOW_WAYS !== 0) throw new RangeError(`${slots} slots are not whole buckets of ${FLOW_WAYS}`);
  const samples = ["XDP_SAMPLES", "XDP_SAMPLES6"].filter((name) => object.maps.has(name));
  return withMapSizes(withConfig(object, { flow_buckets: slots / FLOW_WAYS, sections }), {
    ...flowTableSizes(slots * sections),
    ...Object.fromEntries(samples.map((name) => [name, slots * sections])),
  });
}
