import { loadSets, type RuleSet, SetContents } from "@weir/rules";
import { afterFailure } from "../after-failure.ts";
import { EngineError } from "../errors.ts";
import type { AttachOptions } from "../options.ts";
import { attach } from "../pinned/attach.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import { liveContents } from "./change-set.ts";
import { refuseUnconfirmed } from "./confirmation.ts";
import { checkGuard, type GuardOptions } from "./guard.ts";
import { appliedRules } from "./list-rules.ts";
import { newRules, type PresentRules } from "./new-rules.ts";
import { HeldRules, type RulesBefore } from "./restore.ts";
import { scheduleOf } from "./schedule.ts";

/** How rules are applied. */
export interface ApplyOptions extends Omit<AttachOptions, "rules" | "replace">, GuardOptions {}

/** Rules that were applied to an interface, and what was there before. */
export interface RulesChange {
  readonly monitor: PinnedMonitor;
  readonly before: RulesBefore;
}

/**
 * Applies rules to interfaces, in the place of those that are there: on each between two frames, so that none meets neither. weir is attached
 * where it is not yet. What was counted goes on: for connections, and for rules by their names. All interfaces get them, or none.
 *
 * @example
 * ```ts
 * applyRules(["eth0"], readRules("rules.yaml").rules);
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws {EngineError} `WEIR_GUARD`, `WEIR_OPTION`, `WEIR_UNCONFIRMED`, and as `attach` with `replace` does; nothing is changed then
 * @throws {RulesError} `WEIR_CONFIG` when a file with the entries of a set is wrong
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_BUSY`, `WEIR_PERMISSION`
 */
export function applyRules(
  names: readonly string[],
  rules: RuleSet,
  options: ApplyOptions = {},
): readonly RulesChange[] {
  using applied = new UndoableRules(names, rules, options);
  return applied.changes;
}

/**
 * The same, in a way that can be undone as long as it has not been disposed of: also what was in sets comes back.
 *
 * @example
 * ```ts
 * using applied = new UndoableRules(["eth0"], readRules("rules.yaml").rules);
 * applied.undo();
 * ```
 */
export class UndoableRules implements Disposable {
  readonly changes: readonly RulesChange[];
  readonly #held: readonly HeldRules[];
  readonly #resources: DisposableStack;

  /** @throws as {@link applyRules} does */
  constructor(names: readonly string[], rules: RuleSet, options: ApplyOptions = {}) {
    const { guard = true, session, sets = "new", ...attachOptions } = options;
    const contents = sets instanceof Map ? sets : new Map(loadSets(rules).map((set) => [set.name, set]));
    using stack = new DisposableStack();
    const held = names.map((name) => stack.use(new HeldRules(name)));
    if (guard) {
      const on = held.map(({ before: { interface: name, rules: present } }) => ({
        schedule: scheduleOf(rules, typeof present === "string" ? undefined : present),
        sets: new SetContents([
          ...(sets === "present" ? new Map([...contents, ...liveContents(name)]) : contents).values(),
        ]),
      }));
      checkGuard(rules, on, session);
    }
    // Read once: what the guard tried is what is put in force.
    const given = sets === "present" ? sets : contents;
    const changes: RulesChange[] = [];
    try {
      for (const { before } of held) {
        const { interface: name } = before;
        const chosen = (present: PresentRules | undefined) => {
          refuseUnconfirmed(name);
          return newRules({ rules, sets: given }, present);
        };
        changes.push({ monitor: attach(name, { ...attachOptions, replace: true, rules: chosen }), before });
      }
    } catch (error) {
      throw afterFailure(error, "the rules of other interfaces could not be made what they were", () =>
        restoreAll(held.slice(0, changes.length)),
      );
    }
    this.changes = changes;
    this.#held = held;
    this.#resources = stack.move();
  }

  /**
   * Makes the rules of interfaces what they were before.
   *
   * @param names of some of them; default all
   * @throws {EngineError} as `attach` with `replace` does, and `detach`
   */
  undo(names?: readonly string[]): void {
    restoreAll(this.#held.filter(({ before }) => names === undefined || names.includes(before.interface)));
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

/** Each by itself: one that cannot be restored does not keep the others from it. */
function restoreAll(held: readonly HeldRules[]): void {
  const failed: string[] = [];
  let cause: unknown;
  for (const one of held.toReversed()) {
    try {
      one.restore();
    } catch (error) {
      cause ??= error;
      failed.push(`  ${one.before.interface}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failed.length === 0) return;
  throw new EngineError(
    "WEIR_KERNEL",
    `rules could not be made what they were before, and those that were applied are still there\n${failed.join("\n")}`,
    { cause },
  );
}

/**
 * Takes the rules off an interface; weir goes on counting there.
 *
 * @example
 * ```ts
 * removeRules("eth0");
 * ```
 * @throws {EngineError} `WEIR_NOT_ATTACHED`, `WEIR_NO_RULES`, `WEIR_UNCONFIRMED`
 */
export function removeRules(name: string): PinnedMonitor {
  // Fails where there are none.
  appliedRules(name);
  const none = () => {
    refuseUnconfirmed(name);
    return undefined;
  };
  return attach(name, { replace: true, rules: none });
}
