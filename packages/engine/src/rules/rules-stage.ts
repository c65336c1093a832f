import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { ArrayMap, type BpfMap, type LoadedObject } from "@weir/kernel";
import { filterObject, RULE_COUNT, RULE_DROP, RULE_PASS, RuleAction, RuleCounts } from "@weir/programs";
import { withRules } from "@weir/rules";
import type { TableForm } from "../monitor/table-form.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import { rulesOf } from "./rule-document.ts";

/** The map with what rules counted. */
export const RULE_COUNTS = "RULE_COUNTS";

const ACTIONS = { pass: RULE_PASS, drop: RULE_DROP, count: RULE_COUNT } as const;
const PROGRAM = "xdp_packet_monitor";

/** The rules of a monitor that is to be loaded. */
export class RulesStage {
  readonly applied: AppliedRules;
  /** What was counted already; it stays the caller's. */
  readonly counts: BpfMap | undefined;
  readonly #cleared: readonly number[];

  /** @param cleared places in `counts` of rules that are gone, for others */
  constructor(applied: AppliedRules, counts?: BpfMap, cleared: readonly number[] = []) {
    this.applied = applied;
    this.counts = counts;
    this.#cleared = cleared;
  }

  /** The monitor's object with these rules in it. */
  object({ sections }: TableForm): ObjectSpec {
    const { document, file, capacity } = this.applied;
    const rules = rulesOf(document, file).rules.map(({ filter, action, place }) => ({
      meaning: filter.meaning,
      decides: action.kind !== "count",
      position: { file: place.file, line: place.line, column: place.column, text: filter.expression },
    }));
    const made = withRules({ object: filterObject(), program: PROGRAM, vlan: document.vlan }, rules);
    const sized = withMapSizes(made, {
      RULES: Math.max(1, rules.length),
      [RULE_COUNTS]: (sections + 1) * capacity,
    });
    return withConfig(sized, { rule_slots: capacity, default_action: ACTIONS[document.default] });
  }

  /** Fills the maps, before the program is attached. */
  fill(object: LoadedObject): void {
    const { document, slots, capacity } = this.applied;
    using table = ArrayMap.of(object.map("RULES"), { value: RuleAction });
    for (const [index, { name, action }] of document.rules.entries()) {
      table.set(index, { slot: slots[name] ?? 0, action: ACTIONS[action] });
    }
    if (this.#cleared.length === 0) return;
    using counts = ArrayMap.of(object.map(RULE_COUNTS), { value: RuleCounts });
    for (const slot of this.#cleared) {
      for (let at = slot; at < counts.map.info.maxEntries; at += capacity) {
        counts.set(at, { packets: 0n, bytes: 0n, last_seen_ns: 0n });
      }
    }
  }
}
