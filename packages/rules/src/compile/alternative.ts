import type { Predicate } from "@weir/pcap-filter/meaning";
import type { FieldRange } from "./field.ts";
import { areApart, areSame, intersection, union } from "./ranges.ts";

/** A comparison that is made as it is written. What cannot be read, and a quotient by zero, make it neither true nor false. */
export interface Test {
  /** The same for the same comparison. */
  readonly key: string;
  readonly predicate: Predicate;
  readonly isTrue: boolean;
}

/** Values that a field has to have. */
export interface WantedRange extends FieldRange {
  /** Whether frames are known to have the field; where one has not, it has none of the values. */
  readonly isSure: boolean;
}

/** One way for a rule to match: all of this holds. */
export interface Alternative {
  readonly fields: ReadonlyMap<string, WantedRange>;
  readonly tests: ReadonlyMap<string, Test>;
}

/** Nothing is asked. */
export const ALWAYS: Alternative = { fields: new Map(), tests: new Map() };

/** A field has one of these values. */
export function whereField(wanted: WantedRange): Alternative {
  return { fields: new Map([[wanted.field.key, wanted]]), tests: NONE };
}

export function whereTest(test: Test): Alternative {
  return { fields: NONE, tests: new Map([[testKey(test.key, test.isTrue), test]]) };
}

const NONE = new Map<string, never>();
const testKey = (key: string, isTrue: boolean): string => (isTrue ? key : `not ${key}`);

/** What both ask; undefined where no frame can have both. */
export function together(left: Alternative, right: Alternative): Alternative | undefined {
  if (asksNothing(left)) return right;
  if (asksNothing(right)) return left;
  // Most pairs exclude each other: that is found out before anything is made.
  if (areOpposite(left, right)) return undefined;
  const fields = new Map(left.fields);
  for (const [key, wanted] of right.fields) {
    const other = fields.get(key);
    fields.set(key, other === undefined ? wanted : { ...wanted, ranges: intersection(wanted.ranges, other.ranges) });
  }
  return { fields, tests: right.tests.size === 0 ? left.tests : new Map([...left.tests, ...right.tests]) };
}

export function asksNothing({ fields, tests }: Alternative): boolean {
  return fields.size + tests.size === 0;
}

function areOpposite(left: Alternative, right: Alternative): boolean {
  for (const [key, { ranges }] of right.fields) {
    const other = left.fields.get(key);
    if (other !== undefined && areApart(ranges, other.ranges)) return true;
  }
  for (const test of right.tests.values()) if (left.tests.has(testKey(test.key, !test.isTrue))) return true;
  return false;
}

/** The same ways with fewer alternatives: without those that ask for more than another, and with those as one that differ in one field alone. */
export function merged(alternatives: readonly Alternative[]): readonly Alternative[] {
  const kept: Alternative[] = [];
  for (const alternative of alternatives) {
    if (kept.some((one) => covers(one, alternative))) continue;
    const others = kept.filter((one) => !covers(alternative, one));
    const index = others.findIndex((one) => joined(one, alternative) !== undefined);
    const one = others[index];
    const both = one && joined(one, alternative);
    kept.splice(
      0,
      kept.length,
      ...others.toSpliced(index < 0 ? others.length : index, index < 0 ? 0 : 1, both ?? alternative),
    );
  }
  return kept.length === alternatives.length ? kept : merged(kept);
}

/** Whether every frame that has what `special` asks for has what `general` does. */
export function covers(general: Alternative, special: Alternative): boolean {
  for (const key of general.tests.keys()) if (!special.tests.has(key)) return false;
  for (const [key, { ranges }] of general.fields) {
    const other = special.fields.get(key);
    if (other === undefined || !areSame(intersection(ranges, other.ranges), other.ranges)) return false;
  }
  return true;
}

/** Both as one; undefined where they ask for more different things than the values of one field. */
function joined(left: Alternative, right: Alternative): Alternative | undefined {
  if (left.fields.size !== right.fields.size || left.tests.size !== right.tests.size) return undefined;
  for (const key of left.tests.keys()) if (!right.tests.has(key)) return undefined;
  let differing: string | undefined;
  for (const [key, { ranges }] of left.fields) {
    const other = right.fields.get(key);
    if (other === undefined) return undefined;
    if (areSame(ranges, other.ranges)) continue;
    if (differing !== undefined) return undefined;
    differing = key;
  }
  const [one, other] = [left.fields.get(differing ?? ""), right.fields.get(differing ?? "")];
  if (differing === undefined || one === undefined || other === undefined) return left;
  const both = { ...one, ranges: union(one.ranges, other.ranges) };
  return { fields: new Map(left.fields).set(differing, both), tests: left.tests };
}
