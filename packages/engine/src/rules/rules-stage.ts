import { type MapSpec, type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { ArrayMap, type BpfMap, type LoadedObject } from "@weir/kernel";
import { RuleAction, RuleCounts, SetPage, setsObject } from "@weir/programs";
import { decides, hasTimes, type Rule, type SetPart, setMap, setMapSpec, withRules } from "@weir/rules";
import type { TableForm } from "../monitor/table-form.ts";
import { actionNumbers, PLAIN_ACTIONS } from "./action-numbers.ts";
import { isOver } from "./applied-window.ts";
import { growLimits } from "./grow-limits.ts";
import { fillLimits, limitSettings } from "./limits-stage.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import { countedAs, fillLogs, filterFor, REPORT_MAPS, reportSizes, reports } from "./reports-stage.ts";
import { rulesOf, setsOf } from "./rule-document.ts";
import { fillWindows, RULE_WINDOWS } from "./rule-windows.ts";
import { buildPart, pagesFor, partsOf, type SetFilling } from "./set-parts.ts";

/** The map with what rules counted. */
export const RULE_COUNTS = "RULE_COUNTS";

/** The map with the times of sources and flows that are limited. */
export const RULE_LIMITS = "RULE_LIMITS";

/** A rule whose time is over matches nothing, and nobody asks whether it is. */
const ENDED = { meaning: { kind: "constant", value: false }, decides: true } as const;

/** Where the time of a limit is in what its place counts: at the end. */
const WORD = 8;
const LIMIT_TIME = RuleCounts.size - WORD;
const PROGRAM = "xdp_packet_monitor";

/** Maps that the next program goes on with, besides those of sets. */
export function countingMaps({ limits, document }: AppliedRules): readonly string[] {
  return [RULE_COUNTS, ...(limits === undefined ? [] : [RULE_LIMITS]), ...(reports(document) ? REPORT_MAPS : [])];
}

/** Places in the counts of what is gone, for others. */
export interface ClearedPlaces {
  readonly rules: readonly number[];
  readonly limits: readonly number[];
}

export const NOTHING_CLEARED: ClearedPlaces = { rules: [], limits: [] };

/** What there is already for rules. */
export interface RulesGiven {
  /** Maps of the rules before, by their names in the object: what was counted, what limits go on from, and sets. They stay the caller's. */
  readonly maps: ReadonlyMap<string, BpfMap>;
  /** What is in the sets that have no such maps. */
  readonly contents: ReadonlyMap<string, SetFilling>;
  readonly cleared: ClearedPlaces;
  /** A table of limits that has become too small; what is in it is taken over. */
  readonly smallerLimits?: BpfMap | undefined;
}

/** The rules of a monitor that is to be loaded. */
export class RulesStage {
  readonly applied: AppliedRules;
  readonly #given: RulesGiven;
  #rules: readonly Rule[] | undefined;

  /** @param rules what the document says; default: it is read again */
  constructor(applied: AppliedRules, given: RulesGiven, rules?: readonly Rule[]) {
    this.applied = applied;
    this.#given = given;
    this.#rules = rules;
  }

  get rules(): readonly Rule[] {
    this.#rules ??= rulesOf(this.applied.document, this.applied.file).rules;
    return this.#rules;
  }

  /** Maps to load the object with. */
  get maps(): ReadonlyMap<string, BpfMap> {
    return this.#given.maps;
  }

  /** All maps of its sets. */
  get parts(): readonly SetPart[] {
    return partsOf(setsOf(this.applied.document));
  }

  /** Maps that it counts in, and that limits are in. */
  get counting(): readonly string[] {
    return countingMaps(this.applied);
  }

  /** The monitor's object with these rules in it. @param sampled whether connections are sampled */
  object({ sections }: TableForm, sampled = false): ObjectSpec {
    const { document, capacity, limits, windows } = this.applied;
    const rules = this.rules.map((rule) => {
      const { filter, place } = rule;
      const position = { file: place.file, line: place.line, column: place.column, text: filter.expression };
      if (this.#hasEnded(rule)) return { ...ENDED, position };
      return { meaning: filter.meaning, decides: decides(rule), isTimed: hasTimes(rule), position };
    });
    const sets = setsObject();
    const made = withRules(
      { object: filterFor(document, sampled), program: PROGRAM, vlan: document.vlan, sets },
      rules,
    );
    const maps = new Map(made.maps);
    if (windows === undefined) maps.delete(RULE_WINDOWS);
    for (const part of this.parts) maps.set(setMap(part), this.#mapOf(part, sets));
    const sized = withMapSizes(
      { ...made, maps },
      {
        RULES: Math.max(1, rules.length),
        [RULE_COUNTS]: (sections + 1) * capacity,
        ...reportSizes(document),
        ...(windows !== undefined && { [RULE_WINDOWS]: rules.length }),
        ...(limits !== undefined && { LIMITS: rules.length, [RULE_LIMITS]: limits.buckets }),
      },
    );
    const settings = { rule_slots: capacity, default_action: PLAIN_ACTIONS[document.default] };
    return withConfig(sized, { ...settings, ...limitSettings(limits) });
  }

  /** Whether a rule costs nothing any more, since its time is over. */
  #hasEnded(rule: Rule): boolean {
    const window = hasTimes(rule) ? this.applied.windows?.[rule.name] : undefined;
    return window !== undefined && isOver(window, process.hrtime.bigint());
  }

  #mapOf(part: SetPart, sets: ObjectSpec): MapSpec {
    const present = this.#given.maps.get(setMap(part));
    const maxEntries = present?.info.maxEntries ?? pagesFor(part, this.#contentsOf(part));
    return { ...setMapSpec(part, sets), maxEntries };
  }

  #contentsOf({ set }: SetPart): SetFilling {
    const contents = this.#given.contents.get(set);
    if (contents === undefined) throw new Error(`nobody said what is in set @${set}`);
    return contents;
  }

  /** Fills the maps, before the program is attached. */
  fill(object: LoadedObject, form: TableForm): void {
    const { document, slots } = this.applied;
    using table = ArrayMap.of(object.map("RULES"), { value: RuleAction });
    for (const [index, [rule, action]] of actionNumbers(document).entries()) {
      table.set(index, { slot: slots[countedAs(rule)] ?? 0, action });
    }
    fillLimits(object, this.applied, this.rules);
    fillLogs(object, this.rules, form);
    fillWindows(object, this.applied);
    const { smallerLimits } = this.#given;
    if (smallerLimits !== undefined) growLimits(smallerLimits, object.map(RULE_LIMITS));
    for (const part of this.parts) {
      if (this.#given.maps.has(setMap(part))) continue;
      using map = ArrayMap.of(object.map(setMap(part)), { value: SetPage });
      using memory = map.memory({ writable: true });
      buildPart(part, this.#contentsOf(part), new Uint8Array(memory.buffer));
    }
    this.#clear(object);
  }

  #clear(object: LoadedObject): void {
    const { rules, limits } = this.#given.cleared;
    if (rules.length === 0 && limits.length === 0) return;
    const { capacity } = this.applied;
    using counts = ArrayMap.of(object.map(RULE_COUNTS), { value: RuleCounts });
    // Word by word: what a CPU writes at this moment into other words is not touched.
    using memory = counts.memory({ writable: true });
    const { view, stride } = memory;
    const zero = (place: number, from: number, to: number): void => {
      for (let at = place * stride + from; at < place * stride + to; at += WORD) view.setBigUint64(at, 0n, true);
    };
    for (const slot of rules) {
      for (let place = slot; place < counts.map.info.maxEntries; place += capacity) zero(place, 0, LIMIT_TIME);
    }
    const last = counts.map.info.maxEntries - capacity;
    for (const place of limits) zero(last + place, LIMIT_TIME, LIMIT_TIME + WORD);
  }
}
