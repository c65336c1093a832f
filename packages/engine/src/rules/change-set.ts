import { findInterface } from "@weir/kernel";
import type { LoadedSet } from "@weir/rules";
import { EngineError } from "../errors.ts";
import { attach } from "../pinned/attach.ts";
import { attachedMonitor, placeOn } from "../pinned/find-pinned.ts";
import { pinsOn } from "../pinned/generation.ts";
import { lockPins } from "../pinned/pin-lock.ts";
import { isAttached } from "../pinned/pinned-attachment.ts";
import { argument } from "../text/shell-word.ts";
import type { GuardOptions } from "./guard.ts";
import { type KernelTime, kernelTime } from "./kernel-time.ts";
import { noRules } from "./list-rules.ts";
import { LiveSet, type WrittenEntry } from "./live-set.ts";
import { type PresentRules, presentRules, withSets } from "./new-rules.ts";
import { setsOf } from "./rule-document.ts";
import type { RulesStage } from "./rules-stage.ts";
import { type ChangingSet, guardAdding, guardRemoving } from "./set-guard.ts";
import type { DeclaredSet, EndingEntry, Entry } from "./set-parts.ts";

/** What became of entries that were to be added to a set, or taken out. */
export interface SetChanged {
  readonly changed: number;
  /** Those that were there already, or not there at all. */
  readonly unchanged: number;
}

/** What became of entries that were to be added to a set. */
export interface SetAdded extends SetChanged {
  /** Those that were there, and end at another time now. */
  readonly renewed: number;
}

/** An entry of a set on an interface. */
export interface ListedEntry {
  readonly text: string;
  /** Seconds until it ends; undefined: it stays. */
  readonly ends: number | undefined;
}

/** How entries are added to a set. */
export interface AddToSetOptions extends GuardOptions {
  /** Until they end by themselves, which the kernel sees to; only addresses do. An entry that ends already gets another end. Default: they stay. */
  readonly seconds?: number | undefined;
}

const KIND_OF: Readonly<Record<Entry["kind"], DeclaredSet["kind"]>> = {
  ipv4: "addresses",
  ipv6: "addresses",
  ports: "ports",
  mac: "macs",
};

/**
 * Adds entries to a set of the rules on an interface, while frames come: rules need not be made again. A set that has no room for them is made
 * anew, larger, and exchanged with the program that asks it.
 *
 * @example
 * ```ts
 * const entry = entryOf("203.0.113.0/24");
 * if (entry.kind !== "mistake") addToSet("eth0", "blocklist", [entry], { seconds: 3600 });
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws {EngineError} `WEIR_NOT_ATTACHED`, `WEIR_NO_RULES`; `WEIR_GUARD`, and nothing is changed; `WEIR_OPTION` where there is no such set, an entry is of another kind, or those
 * that end have more than eight lengths
 */
export function addToSet(
  name: string,
  set: string,
  entries: readonly Entry[],
  { seconds, ...guard }: AddToSetOptions = {},
): SetAdded {
  const first = changeOpen(name, set, (opened) => {
    const { declared, live, now, tick } = opened;
    checkKinds(declared, entries, seconds !== undefined);
    guardAdding(opened, entries, guard);
    const until = seconds === undefined ? undefined : now + ticksOf(seconds, tick);
    const done = entries.map((entry) => live.add(entry, until, now));
    const count = (outcome: (typeof done)[number]) => done.filter((one) => one === outcome).length;
    return {
      changed: count("added"),
      unchanged: count("present"),
      renewed: count("renewed"),
      without: entries.filter((_, index) => done[index] === "grow"),
      until,
    };
  });
  const { changed, unchanged, renewed, without, until } = first;
  if (without.length > 0) {
    // The set is read again by then: others may have changed it.
    attach(name, { replace: true, rules: (present) => withLarger(present, { name, set }, without, until) });
  }
  return { changed: changed + without.length, unchanged, renewed };
}

/** The rules that are there with a set that has room for more. @param until with which these end; undefined: they stay */
function withLarger(
  present: PresentRules | undefined,
  { name, set }: { readonly name: string; readonly set: string },
  more: readonly Entry[],
  until: bigint | undefined,
): RulesStage {
  if (present === undefined) throw noRules(name);
  using live = new LiveSet(declaredIn(present, set, name), present.maps);
  const { now } = kernelTime(present.pins);
  const staying = until === undefined ? more : [];
  const ending = until === undefined ? [] : more.filter(canEnd).map((entry) => ({ entry, until }));
  const filling = { ...live.contents(staying), ending: [...live.ending(now), ...ending] };
  return withSets(present, new Map([[set, filling]]));
}

function canEnd(entry: Entry): entry is EndingEntry["entry"] {
  return entry.kind === "ipv4" || entry.kind === "ipv6";
}

/**
 * Takes entries out of a set of the rules on an interface, while frames come, whether they stay or end. What other entries of the set contain stays in it.
 *
 * @example
 * ```ts
 * const entry = entryOf("203.0.113.0/24");
 * if (entry.kind !== "mistake") removeFromSet("eth0", "blocklist", [entry]);
 * ```
 * Needs root, or CAP_BPF and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws {EngineError} as {@link addToSet} does
 */
export function removeFromSet(
  name: string,
  set: string,
  entries: readonly Entry[],
  guard: GuardOptions = {},
): SetChanged {
  return changeOpen(name, set, (opened) => {
    const { live, declared, now } = opened;
    checkKinds(declared, entries, false);
    guardRemoving(opened, entries, guard);
    const done = entries.map((entry) => live.remove(entry, now));
    const changed = done.filter((one) => one === "removed").length;
    if (done.includes("grow")) throw noRoom(set, name, changed, entries.length);
    return { changed, unchanged: entries.length - changed };
  });
}

/**
 * What is in a set of the rules on an interface.
 *
 * @example
 * ```ts
 * listSet("eth0", "blocklist")[0]; // { text: "203.0.113.0/24", ends: undefined }
 * ```
 * @throws {EngineError} `WEIR_NOT_ATTACHED`, `WEIR_NO_RULES`; `WEIR_OPTION` where there is no such set
 */
export function listSet(name: string, set: string): readonly ListedEntry[] {
  return changeOpen(name, set, ({ live, now, tick }) =>
    live.written(now).map(({ text, until }: WrittenEntry) => ({
      text,
      ends: until === undefined ? undefined : Number((until - now) * tick) / 1e9,
    })),
  );
}

/**
 * What is in the sets of the rules on an interface, by their names, with what will end by itself; nothing where there are no rules.
 *
 * @throws {KernelError} `WEIR_NO_INTERFACE`
 */
export function liveContents(name: string): ReadonlyMap<string, LoadedSet> {
  const place = placeOn(findInterface(name));
  using _lock = place && lockPins(place);
  if (place === undefined || !isAttached(place)) return new Map();
  using present = presentRules(pinsOn(attachedMonitor(name)));
  if (present === undefined) return new Map();
  const { applied, pins, maps } = present;
  const { now } = kernelTime(pins);
  return new Map(
    setsOf(applied.document).map((declared) => {
      using live = new LiveSet(declared, maps);
      return [declared.name, live.contents(live.ending(now).map(({ entry }) => entry))];
    }),
  );
}

/** A set for as long as this process alone may change it. */
type OpenedSet = ChangingSet & KernelTime;

function changeOpen<Result>(name: string, set: string, change: (opened: OpenedSet) => Result): Result {
  const place = placeOn(findInterface(name));
  using _lock = place && lockPins(place);
  using present = presentRules(pinsOn(attachedMonitor(name)));
  if (present === undefined) throw noRules(name);
  const declared = declaredIn(present, set, name);
  using live = new LiveSet(declared, present.maps);
  return change({ interface: name, declared, present, live, ...kernelTime(present.pins) });
}

function declaredIn({ applied }: PresentRules, set: string, name: string): DeclaredSet {
  const sets = setsOf(applied.document);
  const declared = sets.find((one) => one.name === set);
  if (declared !== undefined) return declared;
  const names = sets.length === 0 ? "none" : sets.map((one) => one.name).join(", ");
  throw new EngineError("WEIR_OPTION", `the rules on ${name} have no set "${set}"; they have ${names}`);
}

function checkKinds({ name, kind }: DeclaredSet, entries: readonly Entry[], ends: boolean): void {
  if (ends && kind !== "addresses") {
    throw new EngineError(
      "WEIR_OPTION",
      `set "${name}" has ${kind}, and only addresses end by themselves; nothing was changed`,
    );
  }
  const wrong = entries.find((entry) => KIND_OF[entry.kind] !== kind);
  if (wrong === undefined) return;
  throw new EngineError(
    "WEIR_OPTION",
    `set "${name}" has ${kind}, and among the entries are ${KIND_OF[wrong.kind]}; nothing was changed`,
  );
}

const ticksOf = (seconds: number, tick: bigint): bigint => (BigInt(Math.ceil(seconds * 1e9)) + tick - 1n) / tick;

/** What is left of a net may want more room than the net. */
function noRoom(set: string, name: string, changed: number, entries: number): EngineError {
  return new EngineError(
    "WEIR_OPTION",
    `set "${set}" on ${name} has no room for what would be left; ${changed} of ${entries} entries were taken out\n` +
      `  Make it anew from its file: weir rules apply FILE ${argument(name)}`,
  );
}
