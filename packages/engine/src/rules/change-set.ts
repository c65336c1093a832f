import { join } from "node:path";
import { findInterface } from "@weir/kernel";
import type { LoadedSet } from "@weir/rules";
import { EngineError } from "../errors.ts";
import { attach } from "../pinned/attach.ts";
import { attachedMonitor, placeOn } from "../pinned/find-pinned.ts";
import { pinsOn, SETTINGS } from "../pinned/generation.ts";
import { lockPins } from "../pinned/pin-lock.ts";
import { isAttached } from "../pinned/pinned-attachment.ts";
import { readSettings } from "../pinned/settings.ts";
import { argument } from "../text/shell-word.ts";
import { noRules } from "./list-rules.ts";
import { type Entry, LiveSet, type WrittenEntry } from "./live-set.ts";
import { type PresentRules, presentRules } from "./new-rules.ts";
import { setsOf } from "./rule-document.ts";
import type { DeclaredSet } from "./set-parts.ts";

/** What became of entries that were to be added to a set, or taken out. */
export interface SetChanged {
  readonly changed: number;
  /** Those that were there already, or not there at all. */
  readonly unchanged: number;
}

/** An entry of a set on an interface. */
export interface ListedEntry {
  readonly text: string;
  /** Seconds until it ends; undefined: it stays. */
  readonly ends: number | undefined;
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
 * @param options `seconds` until they end by themselves, which the kernel sees to; only addresses do. An entry that ends already gets another end
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws {EngineError} `WEIR_NOT_ATTACHED`, `WEIR_NO_RULES`; `WEIR_OPTION` where there is no such set, or an entry is of another kind
 */
export function addToSet(
  name: string,
  set: string,
  entries: readonly Entry[],
  { seconds }: { readonly seconds?: number | undefined } = {},
): SetChanged {
  const left = changeOpen(name, set, (opened) => {
    checkKinds(opened.declared, entries, seconds !== undefined);
    const until = seconds === undefined ? undefined : opened.now + ticksOf(seconds, opened.tick);
    const done = entries.map((entry) => opened.live.add(entry, until, opened.now));
    const without = entries.filter((_, index) => done[index] === "grow");
    const changed = done.filter((one) => one === "added").length;
    if (without.length === 0) return { result: { changed, unchanged: entries.length - changed }, grow: undefined };
    const unchanged = done.filter((one) => one === "present").length;
    const grow = {
      contents: opened.live.contents(until === undefined ? without : []),
      ending: [
        ...opened.live.ending(opened.now),
        ...(until === undefined ? [] : without.map((entry) => ({ entry, until }))),
      ],
    };
    return { result: { changed: changed + without.length, unchanged }, grow };
  });
  if (left.grow === undefined) return left.result;
  const { contents, ending } = left.grow;
  attach(name, { replace: true, sets: new Map([[set, contents]]) });
  changeOpen(name, set, ({ live, now }) => {
    for (const { entry, until } of ending) {
      if (live.add(entry, until, now) === "grow") throw noRoom(set, name);
    }
    return { result: undefined, grow: undefined };
  });
  return left.result;
}

/**
 * Takes entries out of a set of the rules on an interface, while frames come. What other entries of the set contain stays in it.
 *
 * @example
 * ```ts
 * const entry = entryOf("203.0.113.0/24");
 * if (entry.kind !== "mistake") removeFromSet("eth0", "blocklist", [entry]);
 * ```
 * @throws {EngineError} as {@link addToSet} does
 */
export function removeFromSet(name: string, set: string, entries: readonly Entry[]): SetChanged {
  return changeOpen(name, set, ({ live, declared }) => {
    checkKinds(declared, entries, false);
    const done = entries.map((entry) => live.remove(entry));
    if (done.includes("grow")) throw noRoom(set, name);
    const changed = done.filter((one) => one === "removed").length;
    return { result: { changed, unchanged: entries.length - changed }, grow: undefined };
  }).result;
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
  return changeOpen(name, set, ({ live, now, tick }) => {
    const result = live.written(now).map(({ text, until }: WrittenEntry) => ({
      text,
      ends: until === undefined ? undefined : Number((until - now) * tick) / 1e9,
    }));
    return { result, grow: undefined };
  }).result;
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
  using opened = openRules(name);
  if (opened === undefined) return new Map();
  const { present, now } = opened;
  return new Map(
    setsOf(present.applied.document).map((declared) => {
      using live = new LiveSet(declared, present.maps);
      return [declared.name, live.contents(live.ending(now).map(({ entry }) => entry))];
    }),
  );
}

/** A tick of the kernel's clock, and its length. */
interface KernelTime {
  readonly now: bigint;
  /** Nanoseconds of a tick. */
  readonly tick: bigint;
}

/** A set for as long as this process alone may change it. */
interface OpenedSet extends KernelTime {
  readonly declared: DeclaredSet;
  readonly live: LiveSet;
}

function changeOpen<Result>(name: string, set: string, change: (opened: OpenedSet) => Result): Result {
  const place = placeOn(findInterface(name));
  using _lock = place && lockPins(place);
  using opened = openRules(name);
  if (opened === undefined) throw noRules(name);
  const { present, now, tick } = opened;
  const declared = declaredIn(present, set, name);
  using live = new LiveSet(declared, present.maps);
  return change({ declared, live, now, tick });
}

/** The rules of the monitor on an interface, as long as its pins are locked; undefined where it has none. */
function openRules(name: string): (KernelTime & Disposable & { readonly present: PresentRules }) | undefined {
  const pins = pinsOn(attachedMonitor(name));
  using stack = new DisposableStack();
  const present = stack.use(presentRules(pins));
  if (present === undefined) return undefined;
  const settings = readSettings(join(pins, SETTINGS));
  if ("version" in settings || settings.form === undefined) throw new Error("rules have settings of this version");
  const { tick, base } = settings.form.clock;
  // The base wraps: the kernel's clock begins before the machine does.
  const now = (process.hrtime.bigint() - BigInt.asIntN(64, base)) / tick;
  const resources = stack.move();
  return { present, now, tick, [Symbol.dispose]: () => resources[Symbol.dispose]() };
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

function noRoom(set: string, name: string): EngineError {
  return new EngineError(
    "WEIR_OPTION",
    `set "${set}" on ${name} has no room for what was to change; the entries before it were changed\n` +
      `  Make it anew from its file: weir rules apply FILE ${argument(name)}`,
  );
}
