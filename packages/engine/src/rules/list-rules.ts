import { join } from "node:path";
import { ArrayMap, BpfMap } from "@weir/kernel";
import { RuleCounts } from "@weir/programs";
import { EngineError } from "../errors.ts";
import { pathInside } from "../pinned/bpf-file-system.ts";
import { openMonitor } from "../pinned/find-pinned.ts";
import { pinsOf } from "../pinned/generation.ts";
import { argument } from "../text/shell-word.ts";
import { DEFAULT_SLOT } from "./number-rules.ts";
import { type AppliedRules, readAppliedRules } from "./pinned-rules.ts";
import { RULE_COUNTS } from "./rules-stage.ts";

/** What was counted for a rule. */
export interface RuleNumbers {
  readonly packets: bigint;
  readonly bytes: bigint;
  /** Seconds since a frame matched, to one tick of the kernel's clock; undefined where none has. */
  readonly idle: number | undefined;
}

/** A rule that is in force. */
export interface ListedRule extends RuleNumbers {
  readonly name: string;
  readonly match: string;
  readonly action: "pass" | "drop" | "count";
  readonly comment: string | undefined;
}

/** The rules that are in force on an interface. */
export interface ListedRules {
  readonly interface: string;
  /** The file that they were read from. */
  readonly file: string;
  /** Seconds since they were applied. */
  readonly seconds: number;
  readonly vlan: "exact" | "through";
  /** In the order in which they are asked. */
  readonly rules: readonly ListedRule[];
  /** Of the frames that no rule decided about. */
  readonly default: RuleNumbers & { readonly action: "pass" | "drop" };
}

/**
 * The rules on an interface with their numbers, which count since a rule of that name was applied first.
 *
 * @example
 * ```ts
 * listRules("eth0").rules[0]; // { name: "dns", action: "drop", packets: 12n, … }
 * ```
 * Needs root, or CAP_BPF. Since Linux 6.1.
 * @throws {EngineError} `WEIR_NOT_ATTACHED`; `WEIR_NO_RULES` when the monitor there has no rules
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_PERMISSION`
 */
export function listRules(name: string): ListedRules {
  using opened = openMonitor(name);
  const { directory, programId, interface: interfaceName } = opened.monitor;
  const pins = pinsOf(pathInside(directory), programId);
  const applied = readAppliedRules(pins);
  if (applied === undefined) throw noRules(interfaceName);
  using map = BpfMap.open(join(pins, RULE_COUNTS));
  using counts = ArrayMap.of(map, { value: RuleCounts });
  using memory = counts.memory();
  const now = process.hrtime.bigint();
  const numbersOf = (slot: number): RuleNumbers => sumOf(memory.view, memory.stride, slot, applied.capacity, now);
  const { document, slots } = applied;
  return {
    interface: interfaceName,
    file: applied.file,
    seconds: Number(now - BigInt(applied.appliedAt)) / 1e9,
    vlan: document.vlan,
    rules: document.rules.map((rule) => ({
      ...{ name: rule.name, match: rule.match, action: rule.action, comment: rule.comment },
      ...numbersOf(slots[rule.name] ?? DEFAULT_SLOT),
    })),
    default: { action: document.default, ...numbersOf(DEFAULT_SLOT) },
  };
}

/** The rules on an interface as they were applied; undefined where the monitor there has none. @throws as {@link listRules} does */
export function appliedRules(name: string): AppliedRules | undefined {
  using opened = openMonitor(name);
  return readAppliedRules(pinsOf(pathInside(opened.monitor.directory), opened.monitor.programId));
}

export function noRules(name: string): EngineError {
  return new EngineError(
    "WEIR_NO_RULES",
    `weir has no rules on ${name}\n  Apply some: weir rules apply FILE ${argument(name)}`,
  );
}

/** Over all sections. */
function sumOf(view: DataView, stride: number, slot: number, capacity: number, now: bigint): RuleNumbers {
  let [packets, bytes, last] = [0n, 0n, 0n];
  for (let at = slot * stride; at + RuleCounts.size <= view.byteLength; at += capacity * stride) {
    packets += view.getBigUint64(at, true);
    bytes += view.getBigUint64(at + 8, true);
    const seen = view.getBigUint64(at + 16, true);
    if (seen > last) last = seen;
  }
  return { packets, bytes, idle: last === 0n ? undefined : Math.max(0, Number(now - last) / 1e9) };
}
