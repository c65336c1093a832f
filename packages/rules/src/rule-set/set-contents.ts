import type { MemberKind, Sets } from "@weir/pcap-filter";
import { addressOf, lengthOf, mask } from "../sets/ipv4-prefix.ts";
import { IPV6_NUMBERS, wordMask } from "../sets/ipv6-prefix.ts";
import type { LoadedSet } from "./load-sets.ts";

/**
 * What is in sets, for rules that are tried without the kernel.
 *
 * @example
 * ```ts
 * const { rules } = readRules("rules.yaml");
 * const sets = new SetContents(loadSets(rules));
 * rules.rules[0]?.filter.matches(frame, frame.length, sets);
 * ```
 */
export class SetContents implements Sets {
  readonly #sets: ReadonlyMap<string, Contents>;

  constructor(sets: readonly LoadedSet[]) {
    this.#sets = new Map(sets.map((set) => [set.name, new Contents(set)]));
  }

  /** @throws {Error} when there is no such set */
  has(set: string, of: MemberKind, words: readonly number[]): boolean {
    const contents = this.#sets.get(set);
    if (contents === undefined) throw new Error(`there is no set @${set}`);
    return contents.has(of, words);
  }
}

/** Prefixes by their lengths: the first bits of each, of IPv4 as a number. */
type Prefixes<Key> = Map<number, Set<Key>>;

class Contents {
  readonly #ipv4: Prefixes<number> = new Map();
  readonly #ipv6: Prefixes<string> = new Map();
  readonly #ports = new Set<number>();
  readonly #macs: ReadonlySet<number>;

  constructor({ ipv4, ipv6, ports, macs }: LoadedSet) {
    for (const prefix of ipv4) add(this.#ipv4, lengthOf(prefix), addressOf(prefix));
    for (let at = 0; at < ipv6.length; at += IPV6_NUMBERS) {
      const [a = 0, b = 0, c = 0, d = 0, length = 0] = ipv6.subarray(at, at + IPV6_NUMBERS);
      add(this.#ipv6, length, prefixKey([a, b, c, d], length));
    }
    for (const { first, last } of ports) for (let port = first; port <= last; port++) this.#ports.add(port);
    this.#macs = new Set(macs);
  }

  has(of: MemberKind, words: readonly number[]): boolean {
    const [first = 0, second = 0] = words;
    switch (of) {
      case "ipv4":
        return [...this.#ipv4].some(([length, addresses]) => addresses.has((first & mask(length)) >>> 0));
      case "ipv6":
        return [...this.#ipv6].some(([length, keys]) => keys.has(prefixKey(words, length)));
      case "port":
        return this.#ports.has(first);
      case "mac":
        return this.#macs.has(first * 2 ** 32 + second);
    }
  }
}

function add<Key>(prefixes: Prefixes<Key>, length: number, key: Key): void {
  const ofLength = prefixes.get(length) ?? new Set();
  prefixes.set(length, ofLength.add(key));
}

/** The first bits of an address. */
export function prefixKey(words: readonly number[], length: number): string {
  return words.map((word, index) => (word & wordMask(length, index)) >>> 0).join(" ");
}
