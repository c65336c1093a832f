import { join } from "node:path";
import { type Decoded, decode } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap } from "@weir/kernel";
import { RuleCounts } from "@weir/programs";
import type { Action, LimitText, LogText } from "@weir/rules";
import { EngineError } from "../errors.ts";
import { openInForce, openMonitor } from "../pinned/find-pinned.ts";
import { pinsOn } from "../pinned/generation.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import { argument } from "../text/shell-word.ts";
import { type AppliedWindow, edgesOf, holdsAt, isOver } from "./applied-window.ts";
import { DEFAULT_SLOT } from "./number-rules.ts";
import { type AppliedRules, readAppliedRules } from "./pinned-rules.ts";
import { countedAs } from "./reports-stage.ts";
import type { EntryAction } from "./rule-document.ts";
import { type Clocks, currentClocks } from "./rule-windows.ts";
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

/** What was counted for a rule that logs: `packets` are those that it logged, those above its rate, and those that found no room. */
export interface LogNumbersCounted extends Pick<LimitNumbersCounted, "over"> {
  /** Packets for whose records the buffer had no room, because nobody had read it. */
  readonly noRoom: bigint;
}

/** When a rule that has times holds. */
export interface ListedWindow {
  /** "waiting" until it begins, "open" as long as it holds, "ended" once it has ended. */
  readonly state: "waiting" | "open" | "ended";
  /** By the clock as it is now; undefined where it has held from the beginning. */
  readonly begins: Date | undefined;
  /** The first moment when it does not hold any more; undefined where it stays. */
  readonly ends: Date | undefined;
}

/** A rule that is in force. */
export interface ListedRule extends RuleNumbers, Partial<LimitNumbersCounted>, Partial<LogNumbersCounted> {
  readonly name: string;
  readonly match: string;
  readonly action: Action["kind"];
  /** Of a limit: which one, as a rules file says it. */
  readonly limit?: LimitText;
  /** Of a rule that logs: how much, as a rules file says it, where it says it. */
  readonly log?: LogText;
  /** Undefined where it has no times. */
  readonly window: ListedWindow | undefined;
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
  using rules = openInForce(name, openRules);
  const listed = rules.read();
  if (listed === undefined) throw noRules(rules.interface);
  return listed;
}

/** The rules of a monitor, open for reading what they have counted. */
export interface OpenedRules extends Disposable {
  readonly interface: string;
  /** Undefined where it has none. */
  read(): ListedRules | undefined;
}

/** Opens the rules of a monitor that is attached; fails, or finds none, when it is replaced meanwhile. */
export function openRules(monitor: PinnedMonitor): OpenedRules {
  const { interface: name } = monitor;
  const pins = pinsOn(monitor);
  const applied = readAppliedRules(pins);
  using stack = new DisposableStack();
  if (applied === undefined) return { interface: name, read: () => undefined, [Symbol.dispose]: () => {} };
  const counts = stack.use(ArrayMap.of(stack.use(BpfMap.open(join(pins, RULE_COUNTS))), { value: RuleCounts }));
  const { view } = stack.use(counts.memory());
  const resources = stack.move();
  return {
    interface: name,
    read: () => listed(name, applied, view),
    [Symbol.dispose]: () => resources[Symbol.dispose](),
  };
}

function listed(interfaceName: string, applied: AppliedRules, view: DataView): ListedRules {
  const clocks = currentClocks();
  const { now } = clocks;
  const sums = (slot: number): CountedRule => sumOf(view, slot, applied.capacity);
  const { document, slots } = applied;
  const windows = new Map(Object.entries(applied.windows ?? {}));
  return {
    interface: interfaceName,
    file: applied.file,
    seconds: Number(now - BigInt(applied.appliedAt)) / 1e9,
    vlan: document.vlan,
    rules: document.rules.map((rule) => {
      const { name: ruleName, match, comment, action } = rule;
      const counted = sums(slots[countedAs(rule)] ?? DEFAULT_SLOT);
      const window = windowOf(windows.get(ruleName), clocks);
      const said = { name: ruleName, match, comment, window };
      return { ...said, ...numbersOf(counted, now), ...actionWith(action, counted) };
    }),
    default: { action: document.default, ...numbersOf(sums(DEFAULT_SLOT), now) },
  };
}

/** The rules on an interface as they were applied. @throws as {@link listRules} does */
export function appliedRules(name: string): AppliedRules {
  using opened = openMonitor(name);
  const applied = readAppliedRules(pinsOn(opened.monitor));
  if (applied === undefined) throw noRules(opened.monitor.interface);
  return applied;
}

export function noRules(name: string): EngineError {
  return new EngineError(
    "WEIR_NO_RULES",
    `weir has no rules on ${name}\n  Apply some: weir rules apply FILE ${argument(name)}`,
  );
}

function windowOf(window: AppliedWindow | undefined, { now, offset }: Clocks): ListedWindow | undefined {
  if (window === undefined) return undefined;
  const { from, until } = edgesOf(window);
  const state = isOver(window, now) ? "ended" : holdsAt(window, now) ? "open" : "waiting";
  return { state, begins: dateOf(from, offset), ends: dateOf(until, offset) };
}

function dateOf(time: bigint | undefined, offset: bigint): Date | undefined {
  // To a hundredth of a second, which is about what a tick of the kernel's clock is.
  return time === undefined ? undefined : new Date(Math.round(Number(time + offset) / 1e7) * 10);
}

export type CountedRule = Omit<Decoded<typeof RuleCounts>, "limit">;

function numbersOf({ packets, bytes, last_seen_ns: last }: CountedRule, now: bigint): RuleNumbers {
  return { packets, bytes, idle: last === 0n ? undefined : Math.max(0, Number(now - last) / 1e9) };
}

function actionWith(action: EntryAction, counted: CountedRule): Pick<ListedRule, "action"> & Partial<ListedRule> {
  const { over_packets: packets, over_bytes: bytes, no_room: noRoom, contended } = counted;
  const over = { packets, bytes };
  if (action === "log") return { action, over, noRoom };
  if (typeof action === "string") return { action };
  if ("log" in action) return { action: "log", log: action.log, over, noRoom };
  return { action: "limit", limit: action.limit, over, untracked: noRoom, contended };
}

/** What a place counted, over all sections. */
export function sumOf(view: DataView, slot: number, capacity: number): CountedRule {
  const sum = {
    packets: 0n,
    bytes: 0n,
    last_seen_ns: 0n,
    over_packets: 0n,
    over_bytes: 0n,
    no_room: 0n,
    contended: 0n,
  };
  for (let at = slot * RuleCounts.size; at < view.byteLength; at += capacity * RuleCounts.size) {
    const one = decode(RuleCounts, view, at);
    sum.packets += one.packets;
    sum.bytes += one.bytes;
    sum.over_packets += one.over_packets;
    sum.over_bytes += one.over_bytes;
    sum.no_room += one.no_room;
    sum.contended += one.contended;
    if (one.last_seen_ns > sum.last_seen_ns) sum.last_seen_ns = one.last_seen_ns;
  }
  return sum;
}
