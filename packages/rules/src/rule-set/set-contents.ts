import type { MemberKind, Sets } from "@weir/pcap-filter";
import { maskOf } from "@weir/pcap-filter/addresses";
import type { SetEntry } from "../file/set-entry.ts";
import type { NamedSet } from "./rule-set.ts";

/**
 * What is in sets, for rules that are tried without the kernel.
 *
 * @example
 * ```ts
 * const { rules } = readRules("rules.yaml");
 * const sets = new SetContents(rules.sets);
 * rules.rules[0]?.filter.matches(frame, frame.length, sets);
 * ```
 */
export class SetContents implements Sets {
  readonly #sets: ReadonlyMap<string, Contents>;

  constructor(sets: readonly Pick<NamedSet, "name" | "entries">[]) {
    this.#sets = new Map(sets.map(({ name, entries }) => [name, new Contents(entries)]));
  }

  /** @throws {Error} when there is no such set */
  has(set: string, of: MemberKind, words: readonly number[]): boolean {
    const contents = this.#sets.get(set);
    if (contents === undefined) throw new Error(`there is no set @${set}`);
    return contents.has(of, words);
  }
}

/** Prefixes by their lengths: the key is what they begin with. */
type Prefixes = Map<number, Set<string>>;

class Contents {
  readonly #ipv4: Prefixes = new Map();
  readonly #ipv6: Prefixes = new Map();
  readonly #ports = new Set<number>();
  readonly #macs = new Set<string>();

  constructor(entries: readonly SetEntry[]) {
    for (const entry of entries) this.#add(entry);
  }

  #add(entry: SetEntry): void {
    switch (entry.kind) {
      case "ipv4":
        addPrefix(this.#ipv4, [entry.value], entry.bits);
        return;
      case "ipv6":
        addPrefix(this.#ipv6, entry.words, entry.bits);
        return;
      case "ports":
        for (let port = entry.first; port <= entry.last; port++) this.#ports.add(port);
        return;
      case "mac":
        this.#macs.add(`${entry.first} ${entry.last}`);
    }
  }

  has(of: MemberKind, words: readonly number[]): boolean {
    switch (of) {
      case "ipv4":
        return isInPrefixes(this.#ipv4, words);
      case "ipv6":
        return isInPrefixes(this.#ipv6, words);
      case "port":
        return this.#ports.has(words[0] ?? 0);
      case "mac":
        return this.#macs.has(`${words[0]} ${words[1]}`);
    }
  }
}

function addPrefix(prefixes: Prefixes, words: readonly number[], bits: number): void {
  const ofLength = prefixes.get(bits) ?? new Set();
  prefixes.set(bits, ofLength.add(prefixKey(words, bits)));
}

function isInPrefixes(prefixes: Prefixes, words: readonly number[]): boolean {
  for (const [bits, keys] of prefixes) if (keys.has(prefixKey(words, bits))) return true;
  return false;
}

/** The first bits of an address. */
export function prefixKey(words: readonly number[], bits: number): string {
  return words.map((word, index) => (word & maskOf(Math.min(32, Math.max(0, bits - 32 * index)))) >>> 0).join(" ");
}
