import { FilterError, type Span } from "../filter-error.ts";
import { Headers } from "./headers.ts";
import type { Predicate } from "./predicate.ts";
import type { SetKind, SetUse } from "./set-use.ts";
import type { VlanReading } from "./vlan-reading.ts";

/** What is known while an expression is read from left to right. */
export class Reader {
  readonly vlan: VlanReading;
  readonly headers: Headers;
  /** Tags that were asked for, from outside in, where they are looked through. */
  depth = 0;
  readonly #expression: string;
  readonly #sets = new Map<string, SetUse>();

  constructor(expression: string, vlan: VlanReading) {
    this.#expression = expression;
    this.vlan = vlan;
    this.headers = new Headers(vlan);
  }

  /** The sets that were asked for so far, each where it was first. */
  get sets(): readonly SetUse[] {
    return [...this.#sets.values()];
  }

  /** A set that is asked for. @throws {FilterError} when it was asked for something else before */
  use(name: string, kind: SetKind, span: Span): void {
    const before = this.#sets.get(name);
    if (before === undefined) this.#sets.set(name, { name, kind, span: { start: span.start, end: span.end } });
    else if (before.kind !== kind) {
      throw this.error(span, `a set has one kind of entries: @${name} has ${before.kind} before, and ${kind} here`);
    }
  }

  /** Whether the payload is of a type. @throws {FilterError} behind MPLS, for all but IP */
  isType(type: number, span: Span): Predicate {
    const found = this.headers.isType(type);
    if (found !== undefined) return found;
    throw this.error(span, "what is behind a label of MPLS can only be IP or IPv6: nothing says what else it is");
  }

  error(span: Span, what: string, advice?: string): FilterError {
    return new FilterError(this.#expression, span, what, advice);
  }
}
