import type { SourcePosition } from "@weir/codegen";
import type { Alternative } from "./alternative.ts";
import type { Field } from "./field.ts";
import { countOf as numbersIn, type Range } from "./ranges.ts";

/** One way for a rule to match. */
export interface Candidate {
  readonly alternative: Alternative;
  /** Which rule it is of, in their order. */
  readonly rule: number;
  /** Whether the rules behind it are not asked once it has matched. */
  readonly decides: boolean;
  /** Where the rule is written. */
  readonly position: SourcePosition | undefined;
}

/** What is done one after the other to find the rules that match. */
export type Step =
  /** Candidates in the order of their rules, up to the first that decides. */
  | { readonly kind: "try"; readonly candidates: readonly Candidate[] }
  /** What to do follows from the value of a field; for values that have no leaf there is nothing to do. */
  | { readonly kind: "search"; readonly field: Field; readonly isSure: boolean; readonly leaves: readonly Leaf[] };

/** Values of a field, in rising order of leaves, and what they lead to. Leaves that lead to the same have the same steps. */
export interface Leaf extends Range {
  readonly steps: readonly Step[];
}

/** So few are tried one after the other. */
const FEW = 4;
/** A field is worth a search where a candidate asks for less than this part of its values. */
const SELECTIVE = 1 / 4;
/** How many times a candidate may stand in the leaves of a search, on average. */
const COPIES = 6;

/**
 * A plan that looks at each field once for all candidates, instead of at each candidate: candidates are sorted by the field of which they
 * want the smallest part, and found by searching for its value. Those that want no field in particular are tried one by one.
 */
export function plan(candidates: readonly Candidate[]): readonly Step[] {
  if (candidates.length === 0) return [];
  if (candidates.length <= FEW) return [attempt(candidates)];
  const groups = new Map<string, { readonly field: Field; readonly members: Candidate[] }>();
  const others: Candidate[] = [];
  for (const candidate of candidates) {
    const field = leadingField(candidate.alternative);
    if (field === undefined) {
      others.push(candidate);
      continue;
    }
    const group = groups.get(field.key) ?? { field, members: [] };
    groups.set(field.key, group);
    group.members.push(candidate);
  }
  const steps: Step[] = [];
  for (const { field, members } of groups.values()) {
    if (members.length <= FEW) others.push(...members);
    else steps.push(search(field, members, others));
  }
  if (others.length > 0) steps.push(attempt(others));
  return steps;
}

function attempt(candidates: readonly Candidate[]): Step {
  const sorted = [...candidates].sort((one, other) => one.rule - other.rule);
  const end = sorted.findIndex(
    ({ alternative: { fields, tests }, decides }) => decides && fields.size + tests.size === 0,
  );
  return { kind: "try", candidates: end < 0 ? sorted : sorted.slice(0, end + 1) };
}

/** The field that an alternative wants the smallest part of; undefined where it wants no field in particular. */
export function leadingField({ fields }: Alternative): Field | undefined {
  let smallest = SELECTIVE;
  let leading: Field | undefined;
  for (const { field, ranges } of fields.values()) {
    const part = numbersIn(ranges) / 2 ** field.bits;
    if (part >= smallest) continue;
    smallest = part;
    leading = field;
  }
  return leading;
}

/** @param others takes what would be copied into too many leaves */
function search(field: Field, members: readonly Candidate[], others: Candidate[]): Step {
  let kept = members;
  let parts = elementary(field, kept);
  while (parts.reduce((sum, { inside }) => sum + inside.length, 0) > COPIES * members.length + FEW) {
    const widest = [...kept].sort((one, other) => widthOf(other, field) - widthOf(one, field));
    const moved = new Set(widest.slice(0, Math.ceil(kept.length / 8)));
    others.push(...moved);
    kept = kept.filter((candidate) => !moved.has(candidate));
    parts = elementary(field, kept);
  }
  const plans = new Map<string, readonly Step[]>();
  const numbers = new Map(kept.map((candidate, index) => [candidate, index]));
  const leaves: Leaf[] = [];
  for (const { first, last, inside } of parts) {
    const key = inside.map((candidate) => numbers.get(candidate)).join(" ");
    const steps = plans.get(key) ?? plan(inside.map((candidate) => without(candidate, field)));
    plans.set(key, steps);
    const before = leaves.at(-1);
    if (before?.steps === steps && before.last + 1 === first) leaves[leaves.length - 1] = { ...before, last };
    else leaves.push({ first, last, steps });
  }
  const isSure = members.every(({ alternative }) => alternative.fields.get(field.key)?.isSure);
  return { kind: "search", field, isSure, leaves };
}

interface Elementary extends Range {
  readonly inside: readonly Candidate[];
}

/** The values of a field, cut where a candidate begins or ends, with those that want them. */
function elementary(field: Field, candidates: readonly Candidate[]): readonly Elementary[] {
  const begins = new Map<number, Candidate[]>();
  const ends = new Map<number, Candidate[]>();
  const cuts = new Set<number>();
  for (const candidate of candidates) {
    for (const { first, last } of candidate.alternative.fields.get(field.key)?.ranges ?? []) {
      push(begins, first, candidate);
      push(ends, last + 1, candidate);
      cuts.add(first).add(last + 1);
    }
  }
  const sorted = [...cuts].sort((one, other) => one - other);
  const inside = new Set<Candidate>();
  return sorted.flatMap((first, index) => {
    for (const candidate of ends.get(first) ?? []) inside.delete(candidate);
    for (const candidate of begins.get(first) ?? []) inside.add(candidate);
    const next = sorted[index + 1];
    if (next === undefined || inside.size === 0) return [];
    return [{ first, last: next - 1, inside: [...inside].sort((one, other) => one.rule - other.rule) }];
  });
}

function push(map: Map<number, Candidate[]>, key: number, candidate: Candidate): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [candidate]);
  else list.push(candidate);
}

function widthOf({ alternative }: Candidate, { key }: Field): number {
  return numbersIn(alternative.fields.get(key)?.ranges ?? []);
}

/** What is left to ask once the field is known to be right. */
function without(candidate: Candidate, { key }: Field): Candidate {
  const fields = new Map(candidate.alternative.fields);
  fields.delete(key);
  return { ...candidate, alternative: { ...candidate.alternative, fields } };
}

/** How many candidates a plan has, each as often as it stands there. */
export function countOf(steps: readonly Step[]): number {
  return steps.reduce(
    (sum, step) =>
      sum +
      (step.kind === "try" ? step.candidates.length : step.leaves.reduce((all, leaf) => all + countOf(leaf.steps), 0)),
    0,
  );
}
