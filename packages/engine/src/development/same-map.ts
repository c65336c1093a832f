import { globalVariables, type MapSpec, type ObjectSpec, parseBtf, typeText } from "@weir/bytecode";

/** Types are compared with all that is inside them. */
const DEEP = 16;

/**
 * Whether what one object's map holds is right for another's of the same name: then it need not start anew. Global variables go on
 * unless their first values or places are others.
 */
export function isSameMap(name: string, one: ObjectSpec, other: ObjectSpec): boolean {
  const [description, otherDescription] = [describe(name, one), describe(name, other)];
  return description !== undefined && description === otherDescription;
}

function describe(name: string, object: ObjectSpec): string | undefined {
  const map = object.maps.get(name);
  return map && JSON.stringify([shape(map, object), [...(map.contents ?? [])], variables(name, object), map.entries]);
}

function shape(
  { type, keySize, valueSize, maxEntries, flags, extra, inner, ...types }: MapSpec,
  object: ObjectSpec,
): unknown {
  const btf = object.btf && parseBtf(object.btf);
  const text = (id: number) => (btf === undefined || id === 0 ? "" : typeText(btf, id, DEEP));
  const inside: unknown = inner && shape(inner, object);
  const sizes = [type, keySize, valueSize, maxEntries, flags, String(extra ?? 0)];
  return [...sizes, text(types.keyType), text(types.valueType), inside];
}

function variables(name: string, object: ObjectSpec): unknown {
  const btf = object.btf && parseBtf(object.btf);
  return [...globalVariables(object).values()]
    .filter(({ map }) => map === name)
    .map((variable) => [variable.name, variable.offset, btf && typeText(btf, variable.type, DEEP)]);
}
