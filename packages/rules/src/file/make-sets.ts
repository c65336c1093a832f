import type { SetKind } from "@weir/pcap-filter";
import type { NamedSet } from "../rule-set/rule-set.ts";
import { entryOf, type SetEntry } from "../sets/set-entry.ts";
import { type AllSaid, pathFrom, placeAt, problemAt } from "./read-files.ts";
import type { RulesProblem } from "./rules-error.ts";

type SaidSet = AllSaid["sets"][number];

/** The sets of all files, and what is wrong with them. */
export function makeSets(said: readonly SaidSet[]): {
  readonly sets: readonly NamedSet[];
  readonly problems: readonly RulesProblem[];
  readonly warnings: readonly RulesProblem[];
} {
  const sets = new Map<string, NamedSet>();
  const problems: RulesProblem[] = [];
  const warnings: RulesProblem[] = [];
  for (const set of said) {
    const other = sets.get(set.name)?.place;
    if (other !== undefined) {
      problems.push(problemAt(set, `there is a set of this name at ${other.file}:${other.line}`));
      continue;
    }
    const { file } = Array.isArray(set.what) ? { file: undefined } : set.what;
    const kind = kindOf(set);
    sets.set(set.name, {
      ...{ name: set.name, kind, entries: entriesOf(set, kind, problems, warnings) },
      file: file === undefined ? undefined : pathFrom(set.file, file),
      place: placeAt(set),
    });
  }
  return { sets: [...sets.values()], problems, warnings };
}

type Entry = NamedSet["entries"][number];

const KIND_OF_ENTRY: Readonly<Record<Entry["kind"], SetKind>> = {
  ipv4: "addresses",
  ipv6: "addresses",
  ports: "ports",
  mac: "macs",
};
const ONE_OF: Readonly<Record<SetKind, string>> = {
  addresses: "an address",
  ports: "a port",
  macs: "a hardware address",
};

/** What it is said to have, or what its first entry is. */
function kindOf({ what }: SaidSet): SetKind {
  if (!Array.isArray(what) && what.kind !== undefined) return what.kind;
  const first = textsOf(what)
    .map((text) => entryOf(String(text)))
    .find(isEntry);
  return first === undefined ? "addresses" : KIND_OF_ENTRY[first.kind];
}

function isEntry(entry: SetEntry): entry is Entry {
  return entry.kind !== "mistake";
}

function textsOf(what: SaidSet["what"]): readonly (string | number)[] {
  return Array.isArray(what) ? what : (what.entries ?? []);
}

function entriesOf(set: SaidSet, kind: SetKind, problems: RulesProblem[], warnings: RulesProblem[]): Entry[] {
  const seen = new Map<string, number>();
  const path = Array.isArray(set.what) ? set.path : [...set.path, "entries"];
  return textsOf(set.what).flatMap((text, index) => {
    const at = { ...set, path: [...path, index] };
    const entry = entryOf(String(text));
    if (!isEntry(entry)) {
      const { line, column } = set.placeOf(at.path, entry.at);
      problems.push({ ...problemAt(at, entry.message), line, column });
      return [];
    }
    const found = KIND_OF_ENTRY[entry.kind];
    if (found !== kind) {
      problems.push(problemAt(at, `"${text}" is ${ONE_OF[found]}, and the set has ${kind}`));
      return [];
    }
    const key = JSON.stringify(entry);
    const before = seen.get(key);
    if (before !== undefined) {
      warnings.push(problemAt(at, `"${text}" is in the set already: entry ${before + 1}`));
      return [];
    }
    seen.set(key, index);
    return [entry];
  });
}
