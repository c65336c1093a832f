import { type Btf, type MapSpec, parseBtf, typeText } from "@weir/bytecode";
import { type BpfMap, objectMemory, readBtf } from "@weir/kernel";
import { ifFound } from "../if-found.ts";
import type { InspectedMap } from "./inspected.ts";

type Described = Pick<MapSpec, "keySize" | "valueSize" | "keyType" | "valueType">;

/** A map as an object declares it. */
export function inspectMapSpec(map: MapSpec, btf: Btf | undefined): InspectedMap {
  const { name, type, maxEntries, flags } = map;
  return { name, type, ...types(map, btf), maxEntries, flags };
}

/** A map as the kernel has it. */
export function inspectMap(map: BpfMap): InspectedMap {
  const { id, name, type = "unknown", maxEntries, flags, btfId } = map.info;
  const memory = objectMemory(map.descriptor);
  return {
    name,
    id,
    type,
    ...types(map.info, typesOf(btfId)),
    maxEntries,
    flags,
    ...(memory !== undefined && { memory }),
  };
}

/** The types with an id of the kernel's, undefined for none, and for those that have gone meanwhile. */
function typesOf(id: number): Btf | undefined {
  return id === 0 ? undefined : ifFound(() => parseBtf(readBtf(id)));
}

function types({ keySize, valueSize, keyType, valueType }: Described, btf: Btf | undefined) {
  const text = (type: number, size: number) => (btf === undefined || type === 0 ? unnamed(size) : typeText(btf, type));
  return { key: text(keyType, keySize), keySize, value: text(valueType, valueSize), valueSize };
}

const unnamed = (size: number): string | null => (size === 0 ? null : `${size} bytes`);
