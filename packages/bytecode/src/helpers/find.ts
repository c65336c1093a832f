import type { Helper } from "./helper.ts";
import type { HelperName } from "./number.ts";
import { helperTable } from "./table.generated.ts";

/** All helpers that Linux 6.18 has, by their numbers. */
export const helpers: readonly Helper[] = helperTable;

const byName = new Map(helperTable.map((helper) => [helper.name, helper]));

/**
 * What is known of a helper.
 *
 * @example
 * ```ts
 * helperNamed("bpf_xdp_adjust_head").movesPacket; // true
 * ```
 */
export function helperNamed(name: HelperName): Helper {
  const helper = byName.get(name);
  if (helper === undefined) throw new RangeError(`there is no helper ${name}`);
  return helper;
}
