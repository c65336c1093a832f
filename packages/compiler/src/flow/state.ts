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
  #entries: Map<string, Entry>;
  /** Others have the same entries: most states are never changed, so they are copied only for who does. */
  #shared: boolean;

  constructor(entries = new Map<string, Entry>(), shared = false) {
    this.#entries = entries;
    this.#shared = shared;
  }

  copy(): State {
    this.#shared = true;
    return new State(this.#entries, true);
  }

  /** The same for who knows only the types: what is in memory and in other functions the verifier may have forgotten. */
  unseen(): State {
    const unseen = new Map<string, Entry>();
    for (const [text, { key, bounds }] of this.#entries) {
      unseen.set(text, { key, bounds: { exact: bounds.exact, seen: ANYTHING } });
    }
    return new State(unseen);
  }

  get(key: Key): Bounds | undefined {
    return this.#entries.get(key.text)?.bounds;
  }

  set(key: Key, bounds: Bounds): void {
    const known = this.#entries.get(key.text)?.bounds;
    if (known === undefined || !sameBounds(known, bounds)) this.#own().set(key.text, { key, bounds });
  }

  /** A variable has another value. */
  forget(local: Local): void {
    this.#forgetWhere((key) => key.locals.has(local));
  }

  /** Variables whose function has ended. */
  forgetAll(locals: ReadonlySet<Local>): void {
    this.#forgetWhere((key) => [...key.locals].some((local) => locals.has(local)));
  }

  /** Something was written somewhere. */
  forgetMemory(): void {
    this.#forgetWhere((key) => key.memory);
  }

  #forgetWhere(goes: (key: Key) => boolean): void {
    let entries = this.#entries;
    for (const [text, { key }] of entries) {
      if (!goes(key)) continue;
      // While a map is gone through, what was taken from its copy is not missed.
      if (entries === this.#entries) entries = this.#own();
      entries.delete(text);
    }
  }

  #own(): Map<string, Entry> {
    if (this.#shared) {
      this.#entries = new Map(this.#entries);
      this.#shared = false;
    }
    return this.#entries;
  }

  /** What holds whichever of two ways was taken. */
  join(other: State): State {
    if (other.#entries === this.#entries) return this.copy();
    const joined = new Map<string, Entry>();
    for (const [text, entry] of this.#entries) {
      const second = other.#entries.get(text);
      if (second === undefined) continue;
      const isSame = second === entry || sameBounds(second.bounds, entry.bounds);
      joined.set(text, isSame ? entry : { key: entry.key, bounds: unite(entry.bounds, second.bounds) });
    }
    return new State(joined);
  }

  /** What holds in both, without what grows: so that going on like this comes to an end. */
  widen(next: State): State {
    const widened = new Map<string, Entry>();
    for (const [text, entry] of this.#entries) {
      const second = next.#entries.get(text);
      if (second !== undefined && sameBounds(entry.bounds, second.bounds)) widened.set(text, entry);
    }
    return new State(widened);
  }

  equals(other: State): boolean {
    if (this.#entries === other.#entries) return true;
    if (this.#entries.size !== other.#entries.size) return false;
    for (const [text, { bounds }] of this.#entries) {
      const second = other.#entries.get(text);
      if (second === undefined || !sameBounds(bounds, second.bounds)) return false;
    }
    return true;
  }
}

/** Undefined: nothing gets there. */
export const joinStates = (states: readonly (State | undefined)[]): State | undefined =>
  states.reduce((a, b) => (a === undefined ? b : b === undefined ? a : a.join(b)), undefined);
