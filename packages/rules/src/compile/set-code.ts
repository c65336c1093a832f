import { type AddedCode, functionCodes, type MapSpec, type ObjectSpec } from "@weir/bytecode";
import type { MemberKind } from "@weir/pcap-filter/meaning";
import { setFunction } from "./write-test.ts";

/** What of a set is looked for: each kind has a map and a function of its own. */
export interface SetPart {
  /** The set's name. */
  readonly set: string;
  readonly of: MemberKind;
}

/** The map of a part of a set, as the filter's object calls it; no other one is called so. */
export function setMap({ set, of }: SetPart): string {
  return `${set.replaceAll("-", ".")}.${of}`;
}

/** The map of a part of a set, with one element; how many it has to have follows from what is in the set. */
export function setMapSpec(part: SetPart, sets: ObjectSpec): MapSpec {
  const map = sets.maps.get(generalMap(part));
  if (map === undefined) throw new Error(`the object of sets has no ${generalMap(part)}`);
  // Its types are those of another object.
  return { ...map, name: setMap(part), keyType: 0, valueType: 0 };
}

const generalMap = ({ of }: SetPart): string => `${of.toUpperCase()}_SET`;

/**
 * The function that says whether something is in a set, with the set's own map, and that map.
 *
 * @param sets the object of named sets: `setsObject()` of `@weir/programs`
 */
export function setCode(part: SetPart, sets: ObjectSpec): { readonly code: AddedCode; readonly map: MapSpec } {
  const general = `in_${part.of}_set`;
  const program = sets.programs.get(`ask_${part.of}_set`);
  const name = generalMap(part);
  const found = program && functionCodes(program, sets.btf).find((one) => one.name === general);
  if (found === undefined) throw new Error(`the object of sets has no ${general}`);
  if (found.uses.size > 0) throw new Error(`${general} calls others`);
  const own = setMap(part);
  const references = found.references.map((reference) =>
    "map" in reference && reference.map === name ? { ...reference, map: own } : reference,
  );
  const position = { file: "sets", line: 1, column: 1, text: `@${part.set}` };
  return {
    code: {
      instructions: found.instructions,
      references,
      functions: [{ slot: 0, name: setFunction(part) }],
      lines: [{ slot: 0, position }],
    },
    map: setMapSpec(part, sets),
  };
}
