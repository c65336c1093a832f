import { readFileSync, statSync } from "node:fs";
import type { SetKind } from "@weir/pcap-filter";
import { RulesError, type RulesProblem } from "../file/rules-error.ts";
import { IPV6_NUMBERS, ipv6Prefixes } from "../sets/ipv6-prefix.ts";
import type { PortRange } from "../sets/port-set.ts";
import { readSetFile, type SetFileEntries } from "../sets/read-set-file.ts";
import type { NamedSet, RuleSet } from "./rule-set.ts";

/** Ten times what a million prefixes of IPv6 take. */
const LARGEST = 512 * 1024 * 1024;

const SET_KINDS = ["addresses", "ports", "macs"] as const;

/** A set with all its entries: those of the rules file, then those of its own file. */
export interface LoadedSet {
  readonly name: string;
  readonly kind: SetKind;
  /** As `Ipv4Set.build` takes them. */
  readonly ipv4: Float64Array<ArrayBuffer>;
  /** As `Ipv6Set.build` takes them: five numbers each. */
  readonly ipv6: Uint32Array<ArrayBuffer>;
  readonly ports: readonly PortRange[];
  /** As `MacSet.build` takes them. */
  readonly macs: Float64Array<ArrayBuffer>;
}

/**
 * What is in the sets of rules: it reads their files, too.
 *
 * @example
 * ```ts
 * const [blocklist] = loadSets(readRules("rules.yaml").rules);
 * blocklist?.ipv4.length; // 1_000_000
 * ```
 * @throws {RulesError} `WEIR_CONFIG` with the lines of all files that are wrong
 */
export function loadSets({ sets }: Pick<RuleSet, "sets">): LoadedSet[] {
  const problems: RulesProblem[] = [];
  const loaded = sets.map((set) => loadSet(set, problems));
  if (problems.length > 0) throw new RulesError(problems);
  return loaded;
}

function loadSet(set: NamedSet, problems: RulesProblem[]): LoadedSet {
  const { name, kind, entries } = set;
  const file = set.file === undefined ? undefined : readEntries(set, set.file, problems);
  const numbers = entries.flatMap((entry) => (entry.kind === "ipv4" ? [entry.prefix] : []));
  const prefixes = entries.flatMap((entry) => (entry.kind === "ipv6" ? [entry.prefix] : []));
  const macs = entries.flatMap((entry) => (entry.kind === "mac" ? [entry.mac] : []));
  return {
    ...{ name, kind },
    ipv4: joined(Float64Array.from(numbers), file?.ipv4),
    ipv6: joined(ipv6Prefixes(prefixes), file?.ipv6),
    ports: [...entries.flatMap((entry) => (entry.kind === "ports" ? [entry.range] : [])), ...(file?.ports ?? [])],
    macs: joined(Float64Array.from(macs), file?.macs),
  };
}

/** What was written in the rules file, and what a file of its own has. */
function joined<Numbers extends Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
  inline: Numbers,
  read: Numbers | undefined,
): Numbers {
  if (read === undefined || inline.length === 0) return read ?? inline;
  // Both are of the class that the caller has.
  const all = (
    inline instanceof Float64Array
      ? new Float64Array(inline.length + read.length)
      : new Uint32Array(inline.length + read.length)
  ) as Numbers;
  all.set(inline);
  all.set(read, inline.length);
  return all;
}

function readEntries(set: NamedSet, file: string, problems: RulesProblem[]): SetFileEntries | undefined {
  const path = `sets.${set.name}.file`;
  try {
    const status = statSync(file);
    if (!status.isFile()) throw new Error("it is no file");
    if (status.size > LARGEST) throw new Error(`it has more than ${LARGEST / 1024 / 1024} MiB`);
    const read = readSetFile(readFileSync(file), file);
    problems.push(...read.mistakes.map((mistake) => ({ ...mistake, path: "" })), ...problemsOfKind(set, file, read));
    const more = read.mistakeCount - read.mistakes.length;
    if (more > 0) problems.push({ ...set.place, path, message: `${file} has ${more} more lines that are wrong` });
    return read;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ ...set.place, path, message: `the file ${file} cannot be read: ${reason}` });
    return undefined;
  }
}

/** Entries that are right, and not of the set's kind. */
function problemsOfKind({ name, kind, place }: NamedSet, file: string, read: SetFileEntries): RulesProblem[] {
  const counts = {
    addresses: read.ipv4.length + read.ipv6.length / IPV6_NUMBERS,
    ports: read.ports.length,
    macs: read.macs.length,
  };
  return SET_KINDS.flatMap((other) => {
    if (other === kind || counts[other] === 0) return [];
    const message = `the set has ${kind}, and ${file} has ${counts[other]} ${other}: say kind: ${other} if it is a set of those`;
    return [{ ...place, path: `sets.${name}.file`, message }];
  });
}
