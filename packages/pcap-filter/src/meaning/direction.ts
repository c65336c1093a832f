import type { Direction } from "../syntax/expression.ts";
import { and, or, type Predicate } from "./predicate.ts";

/** Both ends, or one of them; the source is looked at first. */
export function byDirection(
  direction: Direction | undefined,
  source: () => Predicate,
  destination: () => Predicate,
): Predicate {
  switch (direction) {
    case "src":
      return source();
    case "dst":
      return destination();
    case "src and dst":
      return and(source(), destination());
    default:
      return or(source(), destination());
  }
}
