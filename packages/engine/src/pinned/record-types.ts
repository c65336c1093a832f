import { join } from "node:path";
import { u32 } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap } from "@weir/kernel";
import { FlowSamples, Stats, XdpConn6Stats, XdpConnStats } from "@weir/programs";
import { ifFound } from "../if-found.ts";
import { pinValue } from "./pin-value.ts";

/**
 * The pin beside maps whose records are as the version that pinned it has them: an array with one element, a number that stands for their
 * types. So they are known without reading them by their id, which takes CAP_SYS_ADMIN.
 */
const TYPES = "types";

/** Says of the maps in a directory that their records are this version's. */
export function pinTypes(directory: string): void {
  pinValue(join(directory, TYPES), "weir_types", u32, ownTypes());
}

/** Whether that was said of the maps in a directory. */
export function hasOwnTypes(directory: string): boolean {
  using map = ifFound(() => BpfMap.open(join(directory, TYPES)));
  if (map === undefined) return false;
  using types = ArrayMap.of(map, { value: u32 });
  return types.at(0) === ownTypes();
}

let own: number | undefined;

/** A hash (FNV-1a) of names, types and places of all fields. */
function ownTypes(): number {
  own ??= [...JSON.stringify([Stats.fields, XdpConnStats.fields, XdpConn6Stats.fields, FlowSamples.fields])].reduce(
    (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0,
    0x811c9dc5,
  );
  return own;
}
