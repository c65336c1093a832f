import { randomBytes } from "node:crypto";
import { waitForPrograms } from "@weir/kernel";
import { IPV6_NUMBERS, Ipv4Set, Ipv6Set, type LoadedSet, MacSet, PortSet, type SetPart } from "@weir/rules";

/** A set that rules declare. */
export interface DeclaredSet {
  readonly name: string;
  readonly kind: "addresses" | "ports" | "macs";
}

const KINDS = { addresses: ["ipv4", "ipv6"], ports: ["port"], macs: ["mac"] } as const;
/** Entries that a new set has room for at least; else for twice as many as it has. */
const ROOM = 1024;

/** The maps of sets: one for each family of addresses, whether rules ask for both or not, so that a set is whole. */
export function partsOf(sets: readonly DeclaredSet[]): readonly SetPart[] {
  return sets.flatMap(({ name: set, kind }) => KINDS[kind].map((of) => ({ set, of })));
}

/** What a part is pinned as. */
export function partPin({ set, of }: SetPart): string {
  return `set-${of}-${set}`;
}

/** Elements that a part's map has to have. */
export function pagesFor({ of }: SetPart, contents: LoadedSet): number {
  const room = (entries: number): number => Math.max(ROOM, 2 * entries);
  switch (of) {
    case "ipv4":
      return Ipv4Set.pagesFor(room(contents.ipv4.length));
    case "ipv6":
      return Ipv6Set.pagesFor(room(contents.ipv6.length / IPV6_NUMBERS), contents.ipv6);
    case "port":
      return PortSet.pagesFor(room(contents.ports.length));
    case "mac":
      return MacSet.pagesFor(room(contents.macs.length));
  }
}

/** Puts the contents of a set into the memory of a new part; no program reads it yet. */
export function buildPart({ set, of }: SetPart, contents: LoadedSet, memory: Uint8Array): void {
  const random = randomBytes(8).readBigUInt64LE();
  const options = { random, settle: waitForPrograms };
  const built =
    of === "ipv4"
      ? Ipv4Set.build(memory, contents.ipv4, options)
      : of === "ipv6"
        ? Ipv6Set.build(memory, contents.ipv6, options)
        : of === "port"
          ? PortSet.build(memory, contents.ports)
          : MacSet.build(memory, contents.macs, options);
  if (built === "grow") throw new Error(`set @${set} does not fit into the memory that was made for it`);
}
