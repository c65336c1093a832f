import type { MapSpec, ObjectSpec } from "@weir/bytecode";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { BpfMap } from "../maps/bpf-map.ts";
import { MapElements } from "../maps/map-elements.ts";
import { putEntry } from "../maps/put-entry.ts";
import { bpf_map_flags, bpf_update_flags } from "../uapi/bpf.generated.ts";

/** What an object's maps are made with. */
export interface ObjectMapOptions {
  readonly btf: FileDescriptor | undefined;
  readonly offloadTo: number | undefined;
  /** What the object is called; the kernel's names of its global variables begin with it. */
  readonly name: string;
  /** Maps that are there already, by their names in the object. */
  readonly given: ReadonlyMap<string, BpfMap>;
}

/**
 * Makes an object's maps, with their first contents and the maps in maps of maps, those left out that are given. Closes all that it
 * has made when one cannot be made.
 */
export function createObjectMaps(spec: ObjectSpec, options: ObjectMapOptions): Map<string, BpfMap> {
  const { btf, offloadTo } = options;
  const maps = new Map<string, BpfMap>();
  try {
    for (const map of spec.maps.values()) {
      const given = options.given.get(map.name);
      if (given !== undefined) {
        maps.set(map.name, given);
        continue;
      }
      const created = BpfMap.create(map, { btf, offloadTo, name: kernelName(map, options.name) });
      maps.set(map.name, created);
      if (map.contents !== undefined) fillData(created, map, map.contents);
    }
    for (const { name, inner, entries = [] } of spec.maps.values()) {
      if (inner === undefined || options.given.has(name)) continue;
      for (const entry of entries) putEntry(mapNamed(maps, name), entry.index, mapNamed(maps, entry.name).descriptor);
    }
    return maps;
  } catch (error) {
    for (const [name, map] of maps) if (!options.given.has(name)) map[Symbol.dispose]();
    throw error;
  }
}

/** The map with this name. @throws {RangeError} when the object has none: the message lists those it has */
export function mapNamed(maps: ReadonlyMap<string, BpfMap>, name: string): BpfMap {
  const map = maps.get(name);
  if (map !== undefined) return map;
  throw new RangeError(`the object has no map "${name}"; it has ${[...maps.keys()].join(", ") || "none"}`);
}

/** Gives global variables their first values; constants stay so, which lets the verifier count on them. */
function fillData(map: BpfMap, spec: MapSpec, contents: Uint8Array): void {
  using elements = new MapElements(map, spec.keySize, spec.valueSize);
  new Uint8Array(elements.value.buffer, elements.value.byteOffset, spec.valueSize).set(contents);
  elements.update(bpf_update_flags.BPF_ANY);
  if ((spec.flags & bpf_map_flags.BPF_F_RDONLY_PROG) !== 0) map.freeze();
}

/** What the kernel's names of maps may have, and how long they may be. */
const NAME_LENGTH = 15;
const SUFFIX_LENGTH = 7;

/** As libbpf calls it, so that other tools find it: `monitor.bss`; a section of a name of its own goes by that alone. */
function kernelName({ name, contents }: MapSpec, object: string): string {
  if (contents === undefined) return name;
  const isStandard = !name.slice(1).includes(".");
  const prefix = isStandard ? object.slice(0, NAME_LENGTH - Math.max(SUFFIX_LENGTH, name.length)) : "";
  return `${prefix}${name}`.replaceAll(/[^A-Za-z0-9_.]/g, "_");
}
