import type { Local } from "../tree/local.ts";
import { type Bounds, sameBounds, unite } from "./bounds.ts";
import type { Key } from "./key.ts";

interface Entry {
  readonly key: Key;
  readonly bounds: Bounds;
}

const ANYTHING = { low: 0n, high: (1n << 64n) - 1n };

/** What is known of the values of expressions at one place of a program. What is not in it may have every value of its type. */
export class State {
  readonly #entries: Map<string, Entry>;

  constructor(entries: ReadonlyMap<string, Entry> = new Map()) {
    this.#entries = new Map(entries);
  }

  copy(): State {
    return new State(this.#entries);
  }

  /** The same for who knows only the types: what is in memory and in other functions the verifier may have forgotten. */
  unseen(): State {
    const unseen = new State();
    for (const [text, { key, bounds }] of this.#entries) {
      unseen.#entries.set(text, { key, bounds: { exact: bounds.exact, seen: ANYTHING } });
    }
    return unseen;
  }

  get(key: Key): Bounds | undefined {
    return this.#entries.get(key.text)?.bounds;
  }

  set(key: Key, bounds: Bounds): void {
    this.#entries.set(key.text, { key, bounds });
  }

  /** A variable has another value. */
  forget(local: Local): void {
    for (const [text, { key }] of this.#entries) if (key.locals.has(local)) this.#entries.delete(text);
  }

  /** Something was written somewhere. */
  forgetMemory(): void {
    for (const [text, { key }] of this.#entries) if (key.memory) this.#entries.delete(text);
  }

  /** What holds whichever of two ways was taken. */
  join(other: State): State {
    const joined = new State();
    for (const [text, { key, bounds }] of this.#entries) {
      const second = other.#entries.get(text);
      if (second !== undefined) joined.#entries.set(text, { key, bounds: unite(bounds, second.bounds) });
    }
    return joined;
  }

  /** What holds in both, without what grows: so that going on like this comes to an end. */
  widen(next: State): State {
    const widened = new State();
    for (const [text, { key, bounds }] of this.#entries) {
      const second = next.#entries.get(text);
      if (second !== undefined && sameBounds(bounds, second.bounds)) widened.#entries.set(text, { key, bounds });
    }
    return widened;
  }

  equals(other: State): boolean {
    if (this.#entries.size !== other.#entries.size) return false;
    return [...this.#entries].every(([text, { bounds }]) => {
      const second = other.#entries.get(text);
      return second !== undefined && sameBounds(bounds, second.bounds);
    });
  }
}

/** Undefined: nothing gets there. */
export const joinStates = (states: readonly (State | undefined)[]): State | undefined =>
  states.reduce((a, b) => (a === undefined ? b : b === undefined ? a : a.join(b)), undefined);
