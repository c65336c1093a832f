import { readFileSync } from "node:fs";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** Built from kernel/monitor.bpf.ts by `npm run build`; the paths are the same from src/ and from dist/. */
const FILTER = new URL("../dist/filter.bpf.o", import.meta.url);

/**
 * The monitor's object with a stage for rules: besides the monitor's maps `RULES` and `RULE_COUNTS`. Which rules match is found by its function
 * `decide`, for which one is put that is made of them; until then no rule decides.
 *
 * @example
 * ```ts
 * const object = withMapSizes(filterObject(), { RULES: 100, RULE_COUNTS: 3 * 128 });
 * ```
 */
export function filterObject(): ObjectSpec {
  return readObject(readFileSync(FILTER));
}
