import { join } from "node:path";
import { BpfMap } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { SampleSettings } from "../monitor/sample-settings.ts";
import type { AttachOptions } from "../options.ts";
import { numberRules } from "./number-rules.ts";
import { type AppliedRules, readAppliedRules } from "./pinned-rules.ts";
import { RULE_COUNTS, RulesStage } from "./rules-stage.ts";

/** The rules of a program that is to be replaced. */
export interface PresentRules extends Disposable {
  readonly applied: AppliedRules;
  readonly counts: BpfMap;
}

/** The rules of the program whose pins are in a directory; undefined where it has none. */
export function presentRules(pins: string): PresentRules | undefined {
  const applied = readAppliedRules(pins);
  if (applied === undefined) return undefined;
  const counts = BpfMap.open(join(pins, RULE_COUNTS));
  return { applied, counts, [Symbol.dispose]: () => counts[Symbol.dispose]() };
}

/**
 * The rules that a program is to have: those that are asked for, or else those that are there.
 *
 * @throws {EngineError} `WEIR_OPTION`
 */
export function newRules(
  { rules }: Pick<AttachOptions, "rules">,
  sample: SampleSettings | undefined,
  present: PresentRules | undefined,
): RulesStage | undefined {
  const wanted = rules ?? (present === undefined ? "none" : "present");
  if (wanted === "none") return undefined;
  if (sample !== undefined) {
    throw new EngineError(
      "WEIR_OPTION",
      "a monitor that counts samples takes no rules in this version; nothing was changed\n" +
        "  Leave --sample out; or begin anew, counting everything: weir detach, then weir rules apply.",
    );
  }
  if (wanted === "present") return present && new RulesStage(present.applied, present.counts);
  const { applied, cleared } = numberRules(wanted, present?.applied);
  return new RulesStage(applied, present?.counts, cleared);
}
