import type { Predicate } from "./predicate.ts";

/** A part of an expression that is made of no other ones. */
export type Leaf = Exclude<Predicate, { readonly kind: "and" | "not" }>;

/** The parts that an expression is made of, from left to right. */
export function* leavesOf(predicate: Predicate): Generator<Leaf> {
  switch (predicate.kind) {
    case "not":
      yield* leavesOf(predicate.operand);
      return;
    case "and":
      yield* leavesOf(predicate.left);
      yield* leavesOf(predicate.right);
      return;
    default:
      yield predicate;
  }
}
