import { findInterface } from "@weir/kernel";
import { attach } from "../pinned/attach.ts";
import { detach } from "../pinned/detach.ts";
import { placeOn } from "../pinned/find-pinned.ts";
import { isAttached } from "../pinned/pinned-attachment.ts";
import { appliedRules } from "./list-rules.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import { rulesOf } from "./rule-document.ts";

/** How rules were on an interface, to be so again. */
export interface RulesBefore {
  readonly interface: string;
  /** "detached" where weir was not attached, "none" where it had no rules. */
  readonly rules: AppliedRules | "none" | "detached";
}

/** How rules are on an interface now. @throws {KernelError} `WEIR_NO_INTERFACE` */
export function rulesBefore(name: string): RulesBefore {
  const place = placeOn(findInterface(name));
  if (place === undefined || !isAttached(place)) return { interface: name, rules: "detached" };
  return { interface: name, rules: appliedRules(name) ?? "none" };
}

/** Makes rules what they were on an interface. */
export function restoreRules({ interface: name, rules }: RulesBefore): void {
  if (rules === "detached") detach(name);
  else attach(name, { replace: true, rules: rules === "none" ? "none" : rulesOf(rules.document, rules.file) });
}
