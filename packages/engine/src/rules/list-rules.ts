import { join } from "node:path";
import { type Decoded, decode } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap } from "@weir/kernel";
import { RuleCounts } from "@weir/programs";
import type { LimitText } from "@weir/rules";
import { EngineError } from "../errors.ts";
import { pathInside } from "../pinned/bpf-file-system.ts";
import { openMonitor } from "../pinned/find-pinned.ts";
import { pinsOf } from "../pinned/generation.ts";
import { argument } from "../text/shell-word.ts";
import { DEFAULT_SLOT } from "./number-rules.ts";
import { type AppliedRules, readAppliedRules } from "./pinned-rules.ts";
import type { EntryAction } from "./rule-document.ts";
import { RULE_COUNTS } from "./rules-stage.ts";

/** What was counted for a rule. */
export interface RuleNumbers {
  readonly packets: bigint;
  readonly bytes: bigint;
  /** Seconds since a frame matched, to one tick of the kernel's clock; undefined where none has. */
  readonly idle: number | undefined;
}

/** What was counted for a limit. */
export interface LimitNumbersCounted {
  /** What was above the rate, and dropped. */
  readonly over: { readonly packets: bigint; readonly bytes: bigint };
  /** Packets that passed because there was no room to remember their source or flow. */
  readonly untracked: bigint;
  /** Packets that passed, and were charged, because other CPUs were always quicker, so that it could not be told whether they were above the rate. */
  readonly contended: bigint;
}

/** A rule that is in force. */
export interface ListedRule extends RuleNumbers, Partial<LimitNumbersCounted> {
  readonly name: string;
  readonly match: string;
  readonly action: "pass" | "drop" | "count" | "limit";
  /** Of a limit: which one, as a rules file says it. */
  readonly limit?: LimitText;
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
  const sums = (slot: number): CountedRule => sumOf(memory.view, slot, applied.capacity);
  const { document, slots } = applied;
  return {
    interface: interfaceName,
    file: applied.file,
    seconds: Number(now - BigInt(applied.appliedAt)) / 1e9,
    vlan: document.vlan,
    rules: document.rules.map((rule) => ({
      ...{ name: rule.name, match: rule.match, comment: rule.comment },
      ...numbersOf(sums(slots[rule.name] ?? DEFAULT_SLOT), now),
      ...actionWith(rule.action, sums(slots[rule.name] ?? DEFAULT_SLOT)),
    })),
    default: { action: document.default, ...numbersOf(sums(DEFAULT_SLOT), now) },
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

type CountedRule = Omit<Decoded<typeof RuleCounts>, "limit">;

function numbersOf({ packets, bytes, last_seen_ns: last }: CountedRule, now: bigint): RuleNumbers {
  return { packets, bytes, idle: last === 0n ? undefined : Math.max(0, Number(now - last) / 1e9) };
}

function actionWith(action: EntryAction, counted: CountedRule): Pick<ListedRule, "action"> & Partial<ListedRule> {
  if (typeof action === "string") return { action };
  const { over_packets: packets, over_bytes: bytes, untracked, contended } = counted;
  return { action: "limit", limit: action.limit, over: { packets, bytes }, untracked, contended };
}

/** Over all sections. */
function sumOf(view: DataView, slot: number, capacity: number): CountedRule {
  const sum = {
    packets: 0n,
    bytes: 0n,
    last_seen_ns: 0n,
    over_packets: 0n,
    over_bytes: 0n,
    untracked: 0n,
    contended: 0n,
  };
  for (let at = slot * RuleCounts.size; at < view.byteLength; at += capacity * RuleCounts.size) {
    const one = decode(RuleCounts, view, at);
    sum.packets += one.packets;
    sum.bytes += one.bytes;
    sum.over_packets += one.over_packets;
    sum.over_bytes += one.over_bytes;
    sum.untracked += one.untracked;
    sum.contended += one.contended;
    if (one.last_seen_ns > sum.last_seen_ns) sum.last_seen_ns = one.last_seen_ns;
  }
  return sum;
}
