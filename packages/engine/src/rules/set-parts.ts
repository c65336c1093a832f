import { randomBytes } from "node:crypto";
import { waitForPrograms } from "@weir/kernel";
import {
  type AddedUntil,
  IPV6_NUMBERS,
  Ipv4Set,
  Ipv6Set,
  ipv6Prefixes,
  type LoadedSet,
  MacSet,
  PortSet,
  type SetEntry,
  type SetEntryMistake,
  type SetPart,
} from "@weir/rules";
import { EngineError } from "../errors.ts";

/** A set that rules declare. */
export interface DeclaredSet {
  readonly name: string;
  readonly kind: "addresses" | "ports" | "macs";
}

/** Something that can be in a set. */
export type Entry = Exclude<SetEntry, SetEntryMistake>;

/** An address or prefix that ends by itself, and the tick of the kernel's clock with which it does. */
export interface EndingEntry {
  readonly entry: Extract<Entry, { readonly kind: "ipv4" | "ipv6" }>;
  readonly until: bigint;
}

/** What a set is filled with. */
export interface SetFilling extends LoadedSet {
  /** Besides what stays; default none. */
  readonly ending?: readonly EndingEntry[];
}

const KINDS = { addresses: ["ipv4", "ipv6"], ports: ["port"], macs: ["mac"] } as const;
/** Entries that a new set has room for at least; else for twice as many as it has. */
const ROOM = 1024;
/** Of entries that end there is room for an eighth as many as of the others; in a new set for half as many again as it has. */
const ENDING_SHARE = 12;

/** The maps of sets: one for each family of addresses, whether rules ask for both or not, so that a set is whole. */
export function partsOf(sets: readonly DeclaredSet[]): readonly SetPart[] {
  return sets.flatMap(({ name: set, kind }) => KINDS[kind].map((of) => ({ set, of })));
}

/** What a part is pinned as. */
export function partPin({ set, of }: SetPart): string {
  return `set-${of}-${set}`;
}

/** Entries, all of one kind, as the contents of a set. */
export function filled({ name, kind }: DeclaredSet, entries: readonly Entry[]): LoadedSet {
  const ofKind = <Kind extends Entry["kind"]>(wanted: Kind) =>
    entries.filter((entry): entry is Extract<Entry, { readonly kind: Kind }> => entry.kind === wanted);
  return {
    name,
    kind,
    ipv4: Float64Array.from(ofKind("ipv4"), ({ prefix }) => prefix),
    ipv6: ipv6Prefixes(ofKind("ipv6").map(({ prefix }) => prefix)),
    ports: ofKind("ports").map(({ range }) => range),
    macs: Float64Array.from(ofKind("mac"), ({ mac }) => mac),
  };
}

/** Elements that a part's map has to have. */
export function pagesFor({ of }: SetPart, contents: SetFilling): number {
  const ending = contents.ending?.filter(({ entry }) => entry.kind === of).length ?? 0;
  const room = (entries: number): number => Math.max(ROOM, 2 * entries, ENDING_SHARE * ending);
  switch (of) {
    case "ipv4":
      return Ipv4Set.pagesFor(room(contents.ipv4.length));
    case "ipv6":
      return Ipv6Set.pagesFor(room(contents.ipv6.length / IPV6_NUMBERS), contents.ipv6);
    case "port":
      return PortSet.pagesFor(room(contents.ports.length));
    case "mac":
      return MacSet.pagesFor(room(contents.macs.length));
  }
}

/** Puts the contents of a set into the memory of a new part; no program reads it yet. */
export function buildPart({ set, of }: SetPart, contents: SetFilling, memory: Uint8Array): void {
  const random = randomBytes(8).readBigUInt64LE();
  const options = { random, settle: waitForPrograms };
  const built =
    of === "ipv4"
      ? Ipv4Set.build(memory, contents.ipv4, options)
      : of === "ipv6"
        ? Ipv6Set.build(memory, contents.ipv6, options)
        : of === "port"
          ? PortSet.build(memory, contents.ports)
          : MacSet.build(memory, contents.macs, options);
  if (built === "grow") throw new Error(`set @${set} does not fit into the memory that was made for it`);
  for (const { entry, until } of contents.ending ?? []) {
    if (addEnding(built, entry, until) === "grow") throw tooManyLengths(set);
  }
}

/** Nothing has ended by the first tick. */
function addEnding(
  set: Ipv4Set | Ipv6Set | PortSet | MacSet,
  entry: EndingEntry["entry"],
  until: bigint,
): AddedUntil | "elsewhere" {
  if (entry.kind === "ipv4" && set instanceof Ipv4Set) return set.addUntil(entry.prefix, until, 0n);
  if (entry.kind === "ipv6" && set instanceof Ipv6Set) return set.addUntil(entry.prefix, until, 0n);
  // In the set's other part.
  return "elsewhere";
}

/** There is memory for twice as many as there are. */
function tooManyLengths(set: string): EngineError {
  return new EngineError(
    "WEIR_OPTION",
    `set "${set}" cannot have more entries that end: these can be prefixes of eight different lengths at most\n` +
      "  Add those of other lengths without an end, or as prefixes that contain them.",
  );
}
