import { findInterface, findLinked } from "@weir/kernel";
import { attach } from "../pinned/attach.ts";
import { detach } from "../pinned/detach.ts";
import { attachedMonitor, placeOn } from "../pinned/find-pinned.ts";
import { pinsOn } from "../pinned/generation.ts";
import { isAttached } from "../pinned/pinned-attachment.ts";
import { type PresentRules, presentRules } from "./new-rules.ts";
import type { AppliedRules } from "./pinned-rules.ts";
import { NOTHING_CLEARED, RulesStage } from "./rules-stage.ts";

/** How rules are on an interface. */
export interface RulesBefore {
  readonly interface: string;
  /** "detached" where weir is not attached, "none" where it has no rules. */
  readonly rules: AppliedRules | "none" | "detached";
}

/** How rules are on an interface now. @throws {KernelError} `WEIR_NO_INTERFACE` */
export function rulesBefore(name: string): RulesBefore {
  using held = new HeldRules(name);
  return held.before;
}

/** How rules were on an interface, with all that is needed to make them so again: their counts, and what was in their sets. */
export class HeldRules implements Disposable {
  readonly before: RulesBefore;
  readonly #index: number;
  readonly #present: PresentRules | undefined;

  /** @throws {KernelError} `WEIR_NO_INTERFACE` */
  constructor(name: string) {
    const target = findInterface(name);
    this.#index = target.index;
    const place = placeOn(target);
    if (place === undefined || !isAttached(place)) {
      this.before = { interface: name, rules: "detached" };
      return;
    }
    this.#present = presentRules(pinsOn(attachedMonitor(name)));
    this.before = { interface: name, rules: this.#present?.applied ?? "none" };
  }

  /** Makes rules what they were. */
  restore(): void {
    const { rules } = this.before;
    // It may have another name by now.
    const name = findLinked({ index: this.#index, namespace: undefined })?.name ?? this.before.interface;
    if (rules === "detached") detach(name);
    else if (this.#present === undefined) attach(name, { replace: true, rules: "none" });
    else {
      const { applied, maps } = this.#present;
      attach(name, {
        replace: true,
        rules: new RulesStage(applied, { maps, contents: new Map(), cleared: NOTHING_CLEARED }),
      });
    }
  }

  [Symbol.dispose](): void {
    this.#present?.[Symbol.dispose]();
  }
}
