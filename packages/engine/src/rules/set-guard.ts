import type { MemberKind, Sets } from "@weir/pcap-filter";
import { entryText, type LoadedSet, SetContents } from "@weir/rules";
import { checkChange, type GuardOptions, inForce } from "./guard.ts";
import { guardedFrames } from "./guarded-frames.ts";
import type { LiveSet } from "./live-set.ts";
import { LiveSets } from "./live-sets.ts";
import type { PresentRules } from "./new-rules.ts";
import { type DeclaredSet, type Entry, filled } from "./set-parts.ts";

/** A set that is about to be changed, while nobody else can. */
export interface ChangingSet {
  readonly interface: string;
  readonly declared: DeclaredSet;
  readonly present: PresentRules;
  readonly live: LiveSet;
  readonly now: bigint;
}

/** Refuses to add entries with which the rules that ask the set would cut off more than they do. @throws {EngineError} `WEIR_GUARD` */
export function guardAdding(set: ChangingSet, entries: readonly Entry[], options: GuardOptions): void {
  const { name } = set.declared;
  const added = new SetContents([filled(set.declared, entries)]);
  if (!isInFrames(set.declared, options, (of, words) => added.has(name, of, words))) return;
  guardChange(set, options, (live) => ({
    has: (asked, of, words) => live.has(asked, of, words) || (asked === name && added.has(asked, of, words)),
  }));
}

/** The same for entries that are to be taken out. @throws {EngineError} `WEIR_GUARD` */
export function guardRemoving(set: ChangingSet, entries: readonly Entry[], options: GuardOptions): void {
  const { name } = set.declared;
  if (!isInFrames(set.declared, options, (of, words) => set.live.has(of, words, set.now))) return;
  const removed = new Set(entries.map(entryText));
  // Made where something that is asked for is in the set at all: it may be large.
  let left: SetContents | undefined;
  const isLeft = (...[, of, words]: Parameters<Sets["has"]>): boolean => {
    left ??= new SetContents([contentsWithout(set, removed)]);
    return left.has(name, of, words);
  };
  guardChange(set, options, (live) => ({
    has: (asked, of, words) => live.has(asked, of, words) && (asked !== name || isLeft(asked, of, words)),
  }));
}

/** What is looked for in a set of each kind: words, by their sizes in bytes. */
const WORDS: Readonly<Record<DeclaredSet["kind"], readonly (readonly [of: MemberKind, sizes: readonly (2 | 4)[]])[]>> =
  {
    addresses: [
      ["ipv4", [4]],
      ["ipv6", [4, 4, 4, 4]],
    ],
    ports: [["port", [2]]],
    macs: [["mac", [2, 4]]],
  };

/**
 * Whether something is anywhere in the frames that are guarded. Where it is not, no rule can find it there, whatever it asks: so rules need not be
 * read and tried, which takes far longer than to change a set.
 */
function isInFrames(
  { kind }: DeclaredSet,
  { session }: GuardOptions,
  has: (of: MemberKind, words: readonly number[]) => boolean,
): boolean {
  return guardedFrames(session).some(({ bytes }) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return bytes.some((_, start) =>
      WORDS[kind].some(([of, sizes]) => {
        const words = wordsAt(view, start, sizes);
        return words !== undefined && has(of, words);
      }),
    );
  });
}

/** Undefined where the frame ends before. */
function wordsAt(view: DataView, start: number, sizes: readonly (2 | 4)[]): readonly number[] | undefined {
  let at = start;
  const words: number[] = [];
  for (const size of sizes) {
    if (at + size > view.byteLength) return undefined;
    words.push(size === 2 ? view.getUint16(at) : view.getUint32(at));
    at += size;
  }
  return words;
}

function contentsWithout({ declared, live, now }: ChangingSet, removed: ReadonlySet<string>): LoadedSet {
  return filled(
    declared,
    live.entries(now).filter((entry) => !removed.has(entryText(entry))),
  );
}

function guardChange(
  { interface: name, declared, present }: ChangingSet,
  { guard = true, session }: GuardOptions,
  changed: (live: Sets) => Sets,
): void {
  if (!guard) return;
  using live = new LiveSets(present);
  const by = `with this change of @${declared.name} the rules on ${name}`;
  const before = inForce(present, live);
  checkChange(by, before, { ...before, sets: changed(live) }, session);
}
