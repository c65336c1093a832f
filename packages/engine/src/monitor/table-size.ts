import { presentCpus } from "@weir/kernel";
import { FlowSamples } from "@weir/programs";
import { IPV4_FLOWS, IPV6_FLOWS } from "../flow-table/flow-family.ts";
import type { BudgetOptions, SampleOptions, TableOptions } from "../options.ts";
import { tableSettings } from "./check-options.ts";
import { budgetShare, hasEstimates, sampleSettings } from "./sample-settings.ts";

/** The table is never more than three quarters full, so that hashing finds a place in a few steps. */
const SLOTS_PER_CONNECTION = 4 / 3;

/** How many slots a flow table has. */
export interface TableSize {
  /** Of one section. */
  readonly slots: number;
  /** One for each CPU, so that each slot has one writer and counting is exact without atomic instructions. */
  readonly sections: number;
}

export function tableSize(connections: number): TableSize {
  return { slots: Math.ceil(connections * SLOTS_PER_CONNECTION), sections: presentCpus() };
}

/**
 * The memory of a monitor's connection tables on this machine, in bytes: for each CPU, a third more slots than
 * `connections`, of 48 bytes for IPv4 and 72 for IPv6. Where packets are sampled, 32 more for each.
 *
 * @example
 * ```ts
 * tableMemory(); // 3,276,960 on two CPUs
 * tableMemory({ connections: 100_000 }); // 32,000,160 on two CPUs
 * tableMemory({ connections: 100_000, sample: "1/100" }); // 49,066,912 on two CPUs
 * ```
 * @throws {EngineError} `WEIR_OPTION`
 */
export function tableMemory(options: TableOptions & SampleOptions & BudgetOptions = {}): number {
  const { slots, sections } = tableSize(tableSettings(options).connections);
  const estimates = budgetShare(options) !== undefined || hasEstimates(sampleSettings(options));
  return slots * sections * (IPV4_FLOWS.size + IPV6_FLOWS.size + (estimates ? 2 * FlowSamples.size : 0));
}
