import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { Filter } from "@weir/pcap-filter";
import { filterObject, RULE_PASS, withFlowTables } from "@weir/programs";
import { withRules } from "@weir/rules";

export const PROGRAM = "xdp_packet_monitor";

/** How the expressions are read. */
const VLAN = "through";

const COUNTED = 4096;
const SECTIONS = 2;
const SLOTS = 13_656;

interface FilterSpecOptions {
  /** Whether rules have times, and are asked whether they hold. */
  readonly isTimed?: boolean;
  /** What becomes of frames that no rule decides about, as the action of a rule; default: they are passed. */
  readonly defaultAction?: number;
}

/** The filter with rules that decide about what matches the expressions. */
export function filterSpec(
  expressions: readonly string[],
  { isTimed = false, defaultAction = RULE_PASS }: FilterSpecOptions = {},
): ObjectSpec {
  const rules = expressions.map((expression) => {
    const { meaning } = new Filter(expression, { vlan: VLAN });
    return { meaning, decides: !isTimed, isTimed };
  });
  const made = withRules({ object: filterObject(), program: PROGRAM, vlan: VLAN }, rules);
  const sizes = { RULES: Math.max(1, rules.length), RULE_COUNTS: (SECTIONS + 1) * COUNTED };
  return sized(withConfig(withMapSizes(made, sizes), { rule_slots: COUNTED, default_action: defaultAction }));
}

/** A monitor with the tables that it usually has. */
export function sized(object: ObjectSpec): ObjectSpec {
  return withFlowTables(object, { slots: SLOTS, sections: SECTIONS });
}
