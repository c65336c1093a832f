import { type Btf, globalVariables, isPerCpu, layoutOfBtf, type MapSpec, type ObjectSpec } from "@weir/bytecode";
import { bytes, decode, type Layout, u32 } from "@weir/bytecode/layout";
import { AnyMap, type BpfMap } from "@weir/kernel";
import { add, firstNumber, isZero } from "./decoded-values.ts";
import type { MapContents, MapEntryContents, VariableContents } from "./map-contents.ts";

/** Reads a map again and again, with the types that its object gives it. */
export class MapReader {
  readonly #map: BpfMap;
  readonly #spec: MapSpec;
  readonly #key: Layout;
  readonly #value: Layout;
  readonly #variables: readonly Variable[];

  /** @param btf the object's types */
  constructor(map: BpfMap, spec: MapSpec, object: ObjectSpec, btf: Btf | undefined) {
    this.#map = map;
    this.#spec = spec;
    const layoutOf = (type: number, size: number): Layout => {
      const found = btf === undefined || type === 0 ? undefined : layoutOfBtf(btf, type);
      return found?.size === size ? found : size === u32.size ? u32 : bytes(Math.max(1, size));
    };
    this.#key = layoutOf(spec.keyType, spec.keySize);
    this.#value = spec.contents === undefined ? layoutOf(spec.valueType, spec.valueSize) : bytes(spec.valueSize);
    this.#variables = [...globalVariables(object).values()]
      .filter((variable) => variable.map === spec.name)
      .map(({ name, offset, size, type }) => ({ name, offset, layout: layoutOf(type, size) }));
  }

  /** @param limit entries to give, at most */
  read(limit: number): MapContents {
    const { name, type, contents, maxEntries: capacity } = this.#spec;
    const layouts = { key: this.#key, value: this.#value };
    using map = AnyMap.open(this.#map, layouts);
    if (map === undefined) return { kind: "closed", name, type };
    if (contents !== undefined) return this.#readVariables(map);
    const found = [...this.#entries(map)];
    // Arrays come in order; of others the order says nothing.
    const isIndexed = type === "array" || type === "per-cpu-array";
    const ordered = isIndexed
      ? found
      : found
          .map((entry) => ({ entry, weight: firstNumber(entry.value) ?? 0 }))
          .sort((one, other) => other.weight - one.weight)
          .map(({ entry }) => entry);
    return { kind: "entries", name, type, ...layouts, capacity, total: found.length, entries: ordered.slice(0, limit) };
  }

  *#entries(map: AnyMap): Generator<MapEntryContents, void> {
    const { type } = this.#spec;
    const isIndexed = type === "array" || type === "per-cpu-array";
    const hasCpus = isPerCpu(type);
    for (const [key, values] of map.entries()) {
      const value = hasCpus ? values.reduce(add) : values[0];
      // The elements of an array are always there.
      if (isIndexed && isZero(value)) continue;
      yield hasCpus ? { key, value, cpus: values } : { key, value };
    }
  }

  #readVariables(map: AnyMap): VariableContents {
    const [section] = map.get(0) ?? [];
    const view = section instanceof Uint8Array ? new DataView(section.buffer) : undefined;
    const variables =
      view === undefined
        ? []
        : this.#variables.map(({ name, offset, layout }) => ({ name, layout, value: decode(layout, view, offset) }));
    return { kind: "variables", name: this.#spec.name, variables };
  }
}

interface Variable {
  readonly name: string;
  readonly offset: number;
  readonly layout: Layout;
}
