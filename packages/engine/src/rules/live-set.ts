import { ArrayMap, type BpfMap, type MapMemory, waitForPrograms } from "@weir/kernel";
import type { MemberKind } from "@weir/pcap-filter";
import { SetPage } from "@weir/programs";
import {
  type Added,
  type AddedUntil,
  entryText,
  IPV6_NUMBERS,
  Ipv4Set,
  Ipv6Set,
  type LoadedSet,
  MacSet,
  PortSet,
  type Removed,
  setMap,
} from "@weir/rules";
import { type DeclaredSet, type EndingEntry, type Entry, filled } from "./set-parts.ts";

/** An entry as it is written, and the tick of the kernel's clock with which it ends. */
export interface WrittenEntry {
  readonly text: string;
  readonly until: bigint | undefined;
}

/** A set that a program is asking, open to be changed: by one process at a time. */
export class LiveSet implements Disposable {
  readonly #set: DeclaredSet;
  readonly #maps: ReadonlyMap<string, BpfMap>;
  readonly #resources = new DisposableStack();
  #ipv4: Ipv4Set | undefined;
  #ipv6: Ipv6Set | undefined;
  #ports: PortSet | undefined;
  #macs: MacSet | undefined;

  constructor(set: DeclaredSet, maps: ReadonlyMap<string, BpfMap>) {
    this.#set = set;
    this.#maps = maps;
  }

  /** @param until with which it ends; undefined: it stays */
  add(entry: Entry, until: bigint | undefined, now: bigint): Added | AddedUntil {
    switch (entry.kind) {
      case "ipv4":
        return until === undefined ? this.ipv4.add(entry.prefix) : this.ipv4.addUntil(entry.prefix, until, now);
      case "ipv6":
        return until === undefined ? this.ipv6.add(entry.prefix) : this.ipv6.addUntil(entry.prefix, until, now);
      case "ports":
        return this.ports.add(entry.range);
      case "mac":
        return this.macs.add(entry.mac);
    }
  }

  /** Takes an entry out, whether it would have ended or not: it may be there as both. @param now what has ended by this tick is not there */
  remove(entry: Entry, now: bigint): Removed {
    switch (entry.kind) {
      case "ipv4":
        return either(this.ipv4.removeTimed(entry.prefix, now), this.ipv4.remove(entry.prefix));
      case "ipv6":
        return either(this.ipv6.removeTimed(entry.prefix, now), this.ipv6.remove(entry.prefix));
      case "ports":
        return this.ports.remove(entry.range);
      case "mac":
        return this.macs.remove(entry.mac);
    }
  }

  /** All that stays, with what else there shall be room for. */
  contents(more: readonly Entry[]): LoadedSet {
    const { kind } = this.#set;
    const added = filled(this.#set, more);
    switch (kind) {
      case "addresses":
        return {
          ...added,
          ipv4: numbers(this.ipv4.entries(), added.ipv4),
          ipv6: Uint32Array.from(numbers(this.ipv6.entries(), added.ipv6)),
        };
      case "ports":
        return { ...added, ports: [...this.ports.entries(), ...added.ports] };
      case "macs":
        return { ...added, macs: numbers(this.macs.entries(), added.macs) };
    }
  }

  /** Whether the program finds something in it, of which there are these words. @param now what has ended by this tick is not there */
  has(of: MemberKind, words: readonly number[], now: bigint): boolean {
    const [first = 0, second = 0] = words;
    switch (of) {
      case "ipv4":
        return this.ipv4.has(first, now);
      case "ipv6":
        return this.ipv6.has(words, now);
      case "port":
        return this.ports.has(first);
      case "mac":
        return this.macs.has(first * 2 ** 32 + second);
    }
  }

  /** Its entries, those that end behind the others. @param now what has ended by this tick is not told */
  entries(now: bigint): readonly Entry[] {
    return [...this.#staying(), ...this.ending(now).map(({ entry }) => entry)];
  }

  /** Its entries as they are written, those that end behind the others. @param now what has ended by this tick is not told */
  written(now: bigint): readonly WrittenEntry[] {
    const staying = this.#staying().map((entry) => ({ text: entryText(entry), until: undefined }));
    return [...staying, ...this.ending(now).map(({ entry, until }) => ({ text: entryText(entry), until }))];
  }

  #staying(): readonly Entry[] {
    switch (this.#set.kind) {
      case "ports":
        return this.ports.entries().map((range) => ({ kind: "ports", range }));
      case "macs":
        return Array.from(this.macs.entries(), (mac) => ({ kind: "mac", mac }));
      case "addresses": {
        const words = this.ipv6.entries();
        const prefixes6 = Array.from({ length: words.length / IPV6_NUMBERS }, (_, index): Entry => {
          const [a = 0, b = 0, c = 0, d = 0, length = 0] = words.subarray(index * IPV6_NUMBERS);
          return { kind: "ipv6", prefix: { words: [a, b, c, d], length } };
        });
        return [...Array.from(this.ipv4.entries(), (prefix): Entry => ({ kind: "ipv4", prefix })), ...prefixes6];
      }
    }
  }

  /** The entries that end by themselves, and have not. */
  ending(now: bigint): readonly EndingEntry[] {
    if (this.#set.kind !== "addresses") return [];
    return [
      ...this.ipv4.timedEntries().map(({ prefix, until }) => ({ entry: { kind: "ipv4", prefix } as const, until })),
      ...this.ipv6.timedEntries().map(({ prefix, until }) => ({ entry: { kind: "ipv6", prefix } as const, until })),
    ].filter(({ until }) => until > now);
  }

  get ipv4(): Ipv4Set {
    this.#ipv4 ??= Ipv4Set.open(this.#memory("ipv4"), { settle: waitForPrograms });
    return this.#ipv4;
  }

  get ipv6(): Ipv6Set {
    this.#ipv6 ??= Ipv6Set.open(this.#memory("ipv6"), { settle: waitForPrograms });
    return this.#ipv6;
  }

  get ports(): PortSet {
    this.#ports ??= PortSet.open(this.#memory("port"));
    return this.#ports;
  }

  get macs(): MacSet {
    this.#macs ??= MacSet.open(this.#memory("mac"));
    return this.#macs;
  }

  #memory(of: "ipv4" | "ipv6" | "port" | "mac"): Uint8Array {
    const { name } = this.#set;
    const map = this.#maps.get(setMap({ set: name, of }));
    if (map === undefined) throw new Error(`set @${name} has no map for ${of}`);
    const memory: MapMemory = this.#resources.use(
      this.#resources.use(ArrayMap.of(map, { value: SetPage })).memory({ writable: true }),
    );
    return new Uint8Array(memory.buffer);
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

function numbers(present: ArrayLike<number>, more: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const all = new Float64Array(present.length + more.length);
  all.set(present);
  all.set(more, present.length);
  return all;
}

function either(timed: Removed, staying: Removed): Removed {
  return staying === "absent" ? timed : staying;
}
