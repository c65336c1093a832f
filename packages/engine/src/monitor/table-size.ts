import { presentCpus } from "@weir/kernel";
import { FLOW_WAYS, FlowBucket, FlowSamples } from "@weir/programs";
import { IPV4_FLOWS, IPV6_FLOWS } from "../flow-table/flow-family.ts";
import type { BudgetOptions, SampleOptions, TableOptions } from "../options.ts";
import { tableSettings } from "./check-options.ts";
import { budgetShare, hasEstimates, sampleSettings } from "./sample-settings.ts";

/** The table is never more than three quarters full, so that nearly all connections are in the first bucket that follows from their hash. */
const SLOTS_PER_CONNECTION = 4 / 3;

/** How many slots a flow table has. */
export interface TableSize {
  /** Of one section. */
  readonly slots: number;
  /** One for each CPU, so that each slot has one writer and counting is exact without atomic instructions. */
  readonly sections: number;
}

export function tableSize(connections: number): TableSize {
  const buckets = Math.ceil((connections * SLOTS_PER_CONNECTION) / FLOW_WAYS);
  return { slots: buckets * FLOW_WAYS, sections: presentCpus() };
}

/**
 * The memory of a monitor's connection tables on this machine, in bytes: for each CPU, a third more slots than
 * `connections`, of 48 bytes for IPv4 and 72 for IPv6, and 2 more for each in the index. Where packets are sampled, 32 more for each.
 *
 * @example
 * ```ts
 * tableMemory(); // 3,386,688 on two CPUs
 * tableMemory({ connections: 100_000 }); // 33,067,328 on two CPUs
 * tableMemory({ connections: 100_000, sample: "1/100" }); // 50,134,336 on two CPUs
 * ```
 * @throws {EngineError} `WEIR_OPTION`
 */
export function tableMemory(options: TableOptions & SampleOptions & BudgetOptions = {}): number {
  const { slots, sections } = tableSize(tableSettings(options).connections);
  const estimates = budgetShare(options) !== undefined || hasEstimates(sampleSettings(options));
  const beside = FlowBucket.size / FLOW_WAYS + (estimates ? FlowSamples.size : 0);
  return slots * sections * (IPV4_FLOWS.size + IPV6_FLOWS.size + 2 * beside);
}
