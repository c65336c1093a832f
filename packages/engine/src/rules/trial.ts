import { Filter } from "@weir/pcap-filter";
import type { Rule, RuleSet } from "@weir/rules";
import { changeRules } from "./change-rules.ts";
import { appliedRules, noRules } from "./list-rules.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import { type RuleEntry, rulesOf } from "./rule-document.ts";

const NAME = "unconfirmed";
const COMMENT = "passes everything from then on, unless the rules are confirmed before";
/** Milliseconds more, in which rules are put in force on all interfaces, and whoever waits for the confirmation takes them back first. */
const GRACE = 10_000;

/**
 * Rules that end by themselves, in the kernel, unless they are confirmed: behind a rule that passes every frame from then on. So they end too when
 * the process is killed that waits to take them back.
 *
 * @param seconds until they are taken back
 * @example
 * ```ts
 * applyRules(["eth0"], onTrial(readRules("rules.yaml").rules, 30));
 * confirmRules("eth0");
 * ```
 */
export function onTrial(rules: RuleSet, seconds: number): RuleSet {
  const names = new Set(rules.rules.map(({ name }) => name));
  let name = NAME;
  for (let number = 2; names.has(name); number++) name = `${NAME}-${number}`;
  const end: Rule = {
    name,
    filter: new Filter("", { vlan: rules.vlan }),
    action: { kind: "pass" },
    comment: COMMENT,
    place: { file: rules.file, line: 1, column: 1 },
    ...{ ttl: undefined, expires: undefined, until: undefined },
    from: Date.now() + seconds * 1000 + GRACE,
  };
  return { ...rules, rules: [end, ...rules.rules] };
}

/** Makes rules that were on trial stay. @returns whether they were @throws {EngineError} `WEIR_NOT_ATTACHED`, `WEIR_NO_RULES` */
export function endTrial(name: string): boolean {
  if (!appliedRules(name).document.rules.some(isEnd)) return false;
  const withoutEnd = (present: AppliedRules | undefined) => {
    if (present === undefined) throw noRules(name);
    const { document, file } = present;
    return rulesOf({ ...document, rules: document.rules.filter((entry) => !isEnd(entry)) }, file);
  };
  // They are in force already.
  changeRules(name, withoutEnd, { guard: false });
  return true;
}

function isEnd({ name, match, action, comment, from }: RuleEntry): boolean {
  return name.startsWith(NAME) && match === "" && action === "pass" && comment === COMMENT && from !== undefined;
}
