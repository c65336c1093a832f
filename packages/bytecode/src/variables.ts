import { type Btf, parseBtf } from "./btf/index.ts";
import type { BtfLinkage, BtfType } from "./btf/type.ts";
import { ObjectError } from "./object-error.ts";
import type { MapSpec, ObjectSpec } from "./spec.ts";

/** A global variable of an object: bytes of a map's only element. */
export interface GlobalVariable {
  readonly name: string;
  /** Name of the map, which is that of its section. */
  readonly map: string;
  /** Bytes from the start of the section. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  /** BTF id of its type. */
  readonly type: number;
  readonly linkage: BtfLinkage;
}

/**
 * The global variables of an object, by name.
 *
 * @example
 * ```ts
 * globalVariables(monitor).get("packets"); // { map: ".bss", offset: 8, size: 8, … }
 * ```
 * Objects without BTF tell none.
 */
export function globalVariables({ btf: types, maps }: ObjectSpec): Map<string, GlobalVariable> {
  if (types === undefined) return new Map();
  const btf = parseBtf(types);
  const variables = [...maps.values()].flatMap((map) => variablesIn(btf, map));
  return new Map(variables.map((variable) => [variable.name, variable]));
}

/** The variables of one section, in the order of their places. */
export function variablesIn(btf: Btf, map: MapSpec): GlobalVariable[] {
  if (map.contents === undefined || map.valueType === 0) return [];
  const section = btf.type(map.valueType);
  if (section.kind !== "section") throw new ObjectError(`map "${map.name}" has a value type that is no BTF section`);
  return section.variables.map(({ type, offset, size }) => {
    const variable = variableOf(btf, type);
    return { name: variable.name, map: map.name, offset, size, type: variable.type, linkage: variable.linkage };
  });
}

/** What a section's description refers to. @throws {ObjectError} when that is no variable */
export function variableOf(btf: Btf, id: number): BtfType & { readonly kind: "variable" } {
  const variable = btf.type(id);
  if (variable.kind === "variable") return variable;
  throw new ObjectError(`BTF type ${id} in a section is no variable`);
}

/**
 * The object with other initial values for its global variables: the value's bytes, by the variable's name. Code that depends on
 * a constant (`.rodata`) is deleted by the verifier where the constant rules it out.
 *
 * @example
 * ```ts
 * loadObject(withVariables(monitor, { limit: Uint8Array.of(0, 4, 0, 0) })); // 1024
 * ```
 * @throws {RangeError} for a name that the object does not declare, and for bytes of another number than the variable has.
 */
export function withVariables(spec: ObjectSpec, values: Readonly<Record<string, Uint8Array>>): ObjectSpec {
  const variables = globalVariables(spec);
  const maps = new Map(spec.maps);
  for (const [name, bytes] of Object.entries(values)) {
    const variable = variables.get(name);
    const map = variable && maps.get(variable.map);
    if (variable === undefined || map?.contents === undefined) {
      throw new RangeError(
        `the object has no variable "${name}"; it has ${[...variables.keys()].join(", ") || "none"}`,
      );
    }
    if (bytes.length !== variable.size) {
      throw new RangeError(`variable "${name}" has ${variable.size} bytes, not ${bytes.length}`);
    }
    const contents = map.contents.slice();
    contents.set(bytes, variable.offset);
    maps.set(map.name, Object.freeze({ ...map, contents }));
  }
  return Object.freeze({ ...spec, maps });
}
