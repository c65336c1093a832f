import { readFileSync } from "node:fs";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** What the monitor with rules can do besides. */
export interface FilterStages {
  /** For rules among which some log or sample: the maps `LOGS`, `LOG_RECORDS`, `FRAME_REPORTS` and `SAMPLE_CAPTURE`. Default false. */
  readonly reporting?: boolean;
  /** For connections that are sampled, with the maps of `sampledMonitorObject()`. Default false. */
  readonly sampled?: boolean;
}

/**
 * The monitor's object with a stage for rules: besides the monitor's maps `RULES` and `RULE_COUNTS`. Which rules match is found by its function
 * `decide`, for which one is put that is made of them; until then no rule decides.
 *
 * @example
 * ```ts
 * const object = withMapSizes(filterObject(), { RULES: 100, RULE_COUNTS: 3 * 128 });
 * const logging = withMapSizes(filterObject({ reporting: true }), { RULES: 100, LOGS: 100 });
 * ```
 */
export function filterObject({ reporting = false, sampled = false }: FilterStages = {}): ObjectSpec {
  const name = `${sampled ? "sampled-" : ""}${reporting ? "reporting-" : ""}filter`;
  // Built from kernel/monitor.bpf.ts by `npm run build`; the path is the same from src/ and from dist/.
  return readObject(readFileSync(new URL(`../dist/${name}.bpf.o`, import.meta.url)));
}
