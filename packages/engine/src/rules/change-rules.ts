import { loadSets, type RuleSet, SetContents } from "@weir/rules";
import { attach } from "../pinned/attach.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import { checkChange, type GuardOptions, inForce } from "./guard.ts";
import { LiveSets } from "./live-sets.ts";
import { newRules, type PresentRules } from "./new-rules.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import { scheduleOf } from "./schedule.ts";

/** Says which rules there are to be by those that are there. */
export type RulesEdit = (present: AppliedRules | undefined) => RuleSet;

/**
 * Makes other rules of those on an interface, where nobody else can change them meanwhile: of two that do so at once the second one sees what
 * the first one made. What is in sets stays. weir is attached where it is not yet. The guard refuses what cuts off more than before.
 *
 * @example
 * ```ts
 * changeRules("eth0", (present) => {
 *   if (present === undefined) throw new Error("there are no rules");
 *   return rulesOf({ ...present.document, rules: present.document.rules.slice(1) }, present.file);
 * });
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws what `edit` throws; else as `applyRules` does. Nothing is changed then
 */
export function changeRules(name: string, edit: RulesEdit, options: GuardOptions = {}): PinnedMonitor {
  const rules = (present: PresentRules | undefined) => {
    const edited = edit(present?.applied);
    checkEdited(name, edited, present, options);
    return newRules({ rules: edited, sets: "present" }, present);
  };
  return attach(name, { replace: true, rules });
}

function checkEdited(
  name: string,
  rules: RuleSet,
  present: PresentRules | undefined,
  { guard = true, session }: GuardOptions,
): void {
  if (!guard) return;
  using live = present && new LiveSets(present);
  const sets = live ?? new SetContents(loadSets(rules));
  const after = { rules, schedule: scheduleOf(rules, present?.applied), sets };
  checkChange(`with this change the rules on ${name}`, present && inForce(present, sets), after, session);
}
