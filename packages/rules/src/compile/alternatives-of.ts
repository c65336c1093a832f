import { type Comparison, type Leaf, leavesOf, type NumberValue, type Predicate } from "@weir/pcap-filter/meaning";
import { ALWAYS, type Alternative, asksNothing, merged, together, whereField, whereTest } from "./alternative.ts";
import { factsOf } from "./leaf-facts.ts";
import { allOf, areSame, intersection } from "./ranges.ts";
import { isReadable, type Situation } from "./situation.ts";

/** More ways than that are tried as the expression is written. */
const MOST = 16;

class TooMany extends Error {}
const TOO_MANY = new TooMany();

/**
 * The ways in which an expression can match, where this is known of a frame; in any order: what ends an expression (a read behind the end of
 * the frame, a quotient by zero) makes a test neither true nor false, and is asked for where it matters.
 */
export function alternativesOf(predicate: Predicate, situation: Situation): readonly Alternative[] {
  try {
    return merged(new Ways(situation).of(predicate, true));
  } catch (error) {
    if (error !== TOO_MANY) throw error;
    return asWritten(shortened(predicate, situation));
  }
}

/** The only way for an expression to match: to be tried as it is. */
export function asWritten(predicate: Predicate): readonly Alternative[] {
  if (predicate.kind === "constant") return predicate.value ? [ALWAYS] : [];
  return [whereTest({ key: keyOf(predicate), predicate, isTrue: true })];
}

/** The same expression without comparisons whose answers are known. */
export function shortened(predicate: Predicate, situation: Situation): Predicate {
  return new Ways(situation).shortened(predicate);
}

class Ways {
  readonly #situation: Situation;

  constructor(situation: Situation) {
    this.#situation = situation;
  }

  /** The ways for it to be true, or to be false, without being ended. */
  of(predicate: Predicate, isTrue: boolean): readonly Alternative[] {
    switch (predicate.kind) {
      case "constant":
        return predicate.value === isTrue ? [ALWAYS] : [];
      case "not":
        return this.of(predicate.operand, !isTrue);
      case "and":
        if (!isTrue) return this.#falseAnd(predicate.left, predicate.right);
        return this.#trueAnd(this.of(predicate.left, true), predicate.right);
      default:
        return this.#single(predicate, isTrue);
    }
  }

  shortened(predicate: Predicate): Predicate {
    switch (predicate.kind) {
      case "not": {
        const operand = this.shortened(predicate.operand);
        return operand.kind === "constant" ? { ...operand, value: !operand.value } : { kind: "not", operand };
      }
      case "and": {
        const left = this.shortened(predicate.left);
        // What is to the right of something that may end the expression does not decide before it.
        if (left.kind === "constant") return left.value ? this.shortened(predicate.right) : left;
        return { kind: "and", left, right: this.shortened(predicate.right) };
      }
      case "constant":
        return predicate;
      default: {
        if (this.#isReadable(predicate) !== true) return predicate;
        if (this.#single(predicate, true).length === 0) return { kind: "constant", value: false };
        return this.#single(predicate, false).length === 0 ? { kind: "constant", value: true } : predicate;
      }
    }
  }

  /** What cannot be need not be looked into further. */
  #trueAnd(left: readonly Alternative[], right: Predicate): readonly Alternative[] {
    return left.length === 0 ? left : this.#all(left, this.of(right, true));
  }

  #falseAnd(left: Predicate, right: Predicate): readonly Alternative[] {
    const isLeft = this.of(left, false);
    const isOther = this.of(left, true);
    // The left one decides alone.
    if (isOther.length === 0 || isLeft.some(asksNothing)) return isLeft;
    const isRight = this.of(right, false);
    // Where the left one may end the expression, it has to be known that it has not.
    const isAlone = this.#mayEnd(left) ? this.#all(isOther, isRight) : isRight;
    if (isLeft.length + isAlone.length > MOST) return this.#fewer([...isLeft, ...isAlone]);
    return [...isLeft, ...isAlone];
  }

  #all(left: readonly Alternative[], right: readonly Alternative[]): readonly Alternative[] {
    if (left.length === 0) return left;
    const both = left.flatMap((one) => right.flatMap((other) => together(one, other) ?? []));
    return both.length > MOST ? this.#fewer(both) : both;
  }

  #fewer(alternatives: readonly Alternative[]): readonly Alternative[] {
    const fewer = merged(alternatives);
    if (fewer.length > MOST) throw TOO_MANY;
    return fewer;
  }

  #single(predicate: Leaf, isTrue: boolean): readonly Alternative[] {
    const readable = this.#isReadable(predicate);
    if (readable === false) return [];
    const answers = factsOf(predicate).ranges;
    if (answers !== undefined) {
      const { field, ranges } = isTrue ? answers.isTrue : answers.isFalse;
      const known = this.#situation.fields.get(field.key) ?? allOf(field.bits);
      const left = intersection(ranges, known);
      if (left.length === 0) return [];
      if (readable === true && areSame(left, known)) return [ALWAYS];
      return [whereField({ field, ranges: left, isSure: readable === true })];
    }
    const key = keyOf(predicate);
    const known = this.#situation.tests.get(key);
    if (known !== undefined) return known === isTrue ? [ALWAYS] : [];
    return [whereTest({ key, predicate, isTrue })];
  }

  #mayEnd(predicate: Predicate): boolean {
    for (const leaf of leavesOf(predicate))
      if (leaf.kind !== "constant" && this.#isReadable(leaf) !== true) return true;
    return false;
  }

  /** Whether a single comparison gives an answer for sure, or for sure gives none. */
  #isReadable(predicate: Leaf): boolean | undefined {
    const facts = factsOf(predicate);
    let { isSure } = facts;
    for (const read of facts.reads) {
      const readable = isReadable(read, this.#situation);
      if (readable === false) return false;
      if (readable === undefined) isSure = false;
    }
    return isSure || undefined;
  }
}

/** Expressions are compared in many situations. */
const keys = new WeakMap<Predicate, string>();

/** The same for the same comparison. */
export function keyOf(predicate: Predicate): string {
  const known = keys.get(predicate);
  if (known !== undefined) return known;
  const key = JSON.stringify(predicate);
  keys.set(predicate, key);
  return key;
}

/** The key of `left comparison right`. */
export function comparisonKey(left: NumberValue, comparison: Comparison, right: NumberValue): string {
  return keyOf({ kind: "compare", comparison, left, right });
}
