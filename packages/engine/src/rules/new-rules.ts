import { join } from "node:path";
import { BpfMap } from "@weir/kernel";
import { loadSets, setMap } from "@weir/rules";
import type { AttachOptions } from "../options.ts";
import { numberRules } from "./number-rules.ts";
import { type AppliedRules, readAppliedRules } from "./pinned-rules.ts";
import { setsOf } from "./rule-document.ts";
import { countingMaps, NOTHING_CLEARED, RULE_LIMITS, RulesStage } from "./rules-stage.ts";
import { partPin, partsOf, type SetFilling } from "./set-parts.ts";

/** The rules of a program that is to be replaced. */
export interface PresentRules extends Disposable {
  /** Where they are pinned. */
  readonly pins: string;
  readonly applied: AppliedRules;
  /** By their names in the object: what was counted, what limits go on from, and sets. */
  readonly maps: ReadonlyMap<string, BpfMap>;
}

/** Says which rules there are to be by those that are there, while nobody else can change them. */
export type RulesChoice = (present: PresentRules | undefined) => RulesStage | undefined;

/** The rules of the program whose pins are in a directory; undefined where it has none. */
export function presentRules(pins: string): PresentRules | undefined {
  const applied = readAppliedRules(pins);
  if (applied === undefined) return undefined;
  using stack = new DisposableStack();
  const open = (pin: string): BpfMap => stack.use(BpfMap.open(join(pins, pin)));
  const maps = new Map([
    ...countingMaps(applied).map((name) => [name, open(name)] as const),
    ...partsOf(setsOf(applied.document)).map((part) => [setMap(part), open(partPin(part))] as const),
  ]);
  const resources = stack.move();
  return { pins, applied, maps, [Symbol.dispose]: () => resources[Symbol.dispose]() };
}

/**
 * The rules that a program is to have: those that are asked for, or else those that are there.
 *
 * @throws {EngineError} `WEIR_OPTION`
 * @throws {RulesError} `WEIR_CONFIG` where a file of a set is wrong
 */
export function newRules(
  { rules, sets = "new" }: Pick<AttachOptions, "rules" | "sets">,
  present: PresentRules | undefined,
): RulesStage | undefined {
  const wanted = rules ?? (present === undefined ? "none" : "present");
  if (wanted === "none") return undefined;
  if (typeof wanted === "function") return wanted(present);
  if (wanted instanceof RulesStage) return wanted;
  const there = present?.maps ?? new Map<string, BpfMap>();
  if (wanted === "present") return present && withSets(present, sets instanceof Map ? sets : new Map());
  const { applied, cleared, table } = numberRules(wanted, present?.applied);
  const kept = new Map([...there].filter(([name]) => name !== RULE_LIMITS || table === "same"));
  const smallerLimits = table === "larger" ? there.get(RULE_LIMITS) : undefined;
  const contents = sets instanceof Map ? sets : new Map(loadSets(wanted).map((set) => [set.name, set]));
  const maps = sets === "present" ? kept : without(kept, contents);
  return new RulesStage(applied, { maps, contents, cleared, smallerLimits }, wanted.rules);
}

/** The rules that are there, some of whose sets are made anew. */
export function withSets({ applied, maps }: PresentRules, contents: ReadonlyMap<string, SetFilling>): RulesStage {
  return new RulesStage(applied, { maps: without(maps, contents), contents, cleared: NOTHING_CLEARED });
}

/** The maps without those of sets that are made anew. */
function without(
  maps: ReadonlyMap<string, BpfMap>,
  contents: ReadonlyMap<string, SetFilling>,
): ReadonlyMap<string, BpfMap> {
  const anew = new Set(partsOf([...contents.values()]).map(setMap));
  return new Map([...maps].filter(([name]) => !anew.has(name)));
}
