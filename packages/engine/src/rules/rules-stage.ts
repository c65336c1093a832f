import { type MapSpec, type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { ArrayMap, type BpfMap, type LoadedObject } from "@weir/kernel";
import {
  filterObject,
  RULE_COUNT,
  RULE_DROP,
  RULE_PASS,
  RuleAction,
  RuleCounts,
  SetPage,
  setsObject,
} from "@weir/programs";
import { type LoadedSet, type SetPart, setMap, setMapSpec, withRules } from "@weir/rules";
import type { TableForm } from "../monitor/table-form.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import { rulesOf, setsOf } from "./rule-document.ts";
import { buildPart, pagesFor, partsOf } from "./set-parts.ts";

/** The map with what rules counted. */
export const RULE_COUNTS = "RULE_COUNTS";

const ACTIONS = { pass: RULE_PASS, drop: RULE_DROP, count: RULE_COUNT } as const;
const PROGRAM = "xdp_packet_monitor";

/** What there is already for rules. */
export interface RulesGiven {
  /** Maps of the rules before, by their names in the object: what was counted, and sets. They stay the caller's. */
  readonly maps: ReadonlyMap<string, BpfMap>;
  /** What is in the sets that have no such maps. */
  readonly contents: ReadonlyMap<string, LoadedSet>;
  /** Places in the counts of rules that are gone, for others. */
  readonly cleared: readonly number[];
}

/** The rules of a monitor that is to be loaded. */
export class RulesStage {
  readonly applied: AppliedRules;
  readonly #given: RulesGiven;

  constructor(applied: AppliedRules, given: RulesGiven) {
    this.applied = applied;
    this.#given = given;
  }

  /** Maps to load the object with. */
  get maps(): ReadonlyMap<string, BpfMap> {
    return this.#given.maps;
  }

  /** All maps of its sets. */
  get parts(): readonly SetPart[] {
    return partsOf(setsOf(this.applied.document));
  }

  /** The monitor's object with these rules in it. */
  object({ sections }: TableForm): ObjectSpec {
    const { document, file, capacity } = this.applied;
    const rules = rulesOf(document, file).rules.map(({ filter, action, place }) => ({
      meaning: filter.meaning,
      decides: action.kind !== "count",
      position: { file: place.file, line: place.line, column: place.column, text: filter.expression },
    }));
    const sets = setsObject();
    const made = withRules({ object: filterObject(), program: PROGRAM, vlan: document.vlan, sets }, rules);
    const maps = new Map(made.maps);
    for (const part of this.parts) maps.set(setMap(part), this.#mapOf(part, sets));
    const sized = withMapSizes(
      { ...made, maps },
      { RULES: Math.max(1, rules.length), [RULE_COUNTS]: (sections + 1) * capacity },
    );
    return withConfig(sized, { rule_slots: capacity, default_action: ACTIONS[document.default] });
  }

  #mapOf(part: SetPart, sets: ObjectSpec): MapSpec {
    const present = this.#given.maps.get(setMap(part));
    const maxEntries = present?.info.maxEntries ?? pagesFor(part, this.#contentsOf(part));
    return { ...setMapSpec(part, sets), maxEntries };
  }

  #contentsOf({ set }: SetPart): LoadedSet {
    const contents = this.#given.contents.get(set);
    if (contents === undefined) throw new Error(`nobody said what is in set @${set}`);
    return contents;
  }

  /** Fills the maps, before the program is attached. */
  fill(object: LoadedObject): void {
    const { document, slots, capacity } = this.applied;
    using table = ArrayMap.of(object.map("RULES"), { value: RuleAction });
    for (const [index, { name, action }] of document.rules.entries()) {
      table.set(index, { slot: slots[name] ?? 0, action: ACTIONS[action] });
    }
    for (const part of this.parts) {
      if (this.#given.maps.has(setMap(part))) continue;
      using map = ArrayMap.of(object.map(setMap(part)), { value: SetPage });
      using memory = map.memory({ writable: true });
      buildPart(part, this.#contentsOf(part), new Uint8Array(memory.buffer));
    }
    const { cleared } = this.#given;
    if (cleared.length === 0) return;
    using counts = ArrayMap.of(object.map(RULE_COUNTS), { value: RuleCounts });
    for (const slot of cleared) {
      for (let at = slot; at < counts.map.info.maxEntries; at += capacity) {
        counts.set(at, { packets: 0n, bytes: 0n, last_seen_ns: 0n });
      }
    }
  }
}
