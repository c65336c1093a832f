import type { ObjectSpec } from "@weir/bytecode";
import { ArrayMap, type LoadedObject } from "@weir/kernel";
import { filterObject, LogRate, MOST_SAMPLING_RULES } from "@weir/programs";
import type { Rule } from "@weir/rules";
import { EngineError } from "../errors.ts";
import type { TableForm } from "../monitor/table-form.ts";
import { costsOf } from "./limits-stage.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import type { RuleDocument, RuleEntry } from "./rule-document.ts";

/** The map with what rules logged. */
export const LOG_RECORDS = "LOG_RECORDS";

/** The map with what rules want of the frame that a CPU is at work on. */
export const FRAME_REPORTS = "FRAME_REPORTS";

/** Maps of rules that report, besides those that all have. */
export const REPORT_MAPS: readonly string[] = [LOG_RECORDS, FRAME_REPORTS];

const LOGS = "LOGS";
const LOGGED = " log";

/** What a rule is counted as: its name and, where it logs, that. So what is counted of a rule that logs is counted of nothing else. */
export function countedAs({ name, action }: Pick<RuleEntry, "name" | "action">): string {
  return isLog(action) ? `${name}${LOGGED}` : name;
}

/** The names of all rules that log, or did, by the places where they are counted. */
export function loggingRules({ slots }: AppliedRules): ReadonlyMap<number, string> {
  const logging = Object.entries(slots).filter(([name]) => name.endsWith(LOGGED));
  return new Map(logging.map(([name, slot]) => [slot, name.slice(0, -LOGGED.length)]));
}

/** Whether some of the rules log. */
export function logs({ rules }: RuleDocument): boolean {
  return rules.some(({ action }) => isLog(action));
}

/** Whether some of the rules log or sample. */
export function reports(document: RuleDocument): boolean {
  return logs(document) || samplingRules(document).length > 0;
}

/** The rules that sample, in the order of their bits. */
export function samplingRules({ rules }: RuleDocument): readonly RuleEntry[] {
  return rules.filter(({ action }) => action === "sample");
}

/** @throws {EngineError} `WEIR_OPTION` where there is no bit for each */
export function checkSamplingRules(document: RuleDocument): void {
  const { length } = samplingRules(document);
  if (length <= MOST_SAMPLING_RULES) return;
  throw new EngineError(
    "WEIR_OPTION",
    `${length} rules have the action sample, and interfaces take ${MOST_SAMPLING_RULES}; nothing was changed\n` +
      "  Make one of several: A or B instead of A and B.",
  );
}

/** The monitor's object with a stage for rules: rules that report nothing have one that cannot. @param sampled whether connections are sampled */
export function filterFor(document: RuleDocument, sampled: boolean): ObjectSpec {
  return filterObject({ reporting: reports(document), sampled });
}

/** Sizes of maps that depend on how many rules there are. */
export function reportSizes(document: RuleDocument): Readonly<Record<string, number>> {
  return reports(document) ? { [LOGS]: document.rules.length } : {};
}

/** Fills the map with how much rules log. */
export function fillLogs(object: LoadedObject, rules: readonly Rule[], { clock }: TableForm): void {
  if (!rules.some(({ action }) => action.kind === "log")) return;
  using table = ArrayMap.of(object.map(LOGS), { value: LogRate });
  for (const [index, { action }] of rules.entries()) {
    if (action.kind !== "log") continue;
    const { packetCost: cost, burst } = costsOf(action);
    // What comes within a tick of the kernel's clock comes at once, by that clock.
    table.set(index, { cost, burst: burst + clock.tick, paid: { time: 0n } });
  }
}

function isLog(action: RuleEntry["action"]): boolean {
  return action === "log" || (typeof action !== "string" && "log" in action);
}
