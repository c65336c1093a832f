import { type AddedCode, functionCodes, type MapSpec, type ObjectSpec } from "@weir/bytecode";
import type { MemberKind } from "@weir/pcap-filter/meaning";
import { setFunction } from "./write-test.ts";

/** So many numbers the function takes that looks in a set. */
export const SET_ARGUMENTS: Readonly<Record<MemberKind, number>> = { ipv4: 1, ipv6: 2, port: 1, mac: 1 };

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
 * The functions that say whether something is in a set, with the set's own map: the one that is asked, which {@link setFunction} names, and those that
 * it calls.
 *
 * @param sets the object of named sets: `setsObject()` of `@weir/programs`
 */
export function setCode(part: SetPart, sets: ObjectSpec): AddedCode {
  const program = sets.programs.get(`ask_${part.of}_set`);
  const [, ...found] = program === undefined ? [] : functionCodes(program, sets.btf);
  if (found[0]?.name !== `in_${part.of}_set`) throw new Error(`the object of sets has no function for ${part.of}`);
  const [general, own] = [generalMap(part), setMap(part)];
  const position = { file: "sets", line: 1, column: 1, text: `@${part.set}` };
  // As they lie behind the program, one behind the other, so that what they call is as far away as it was.
  const starts = found.map((_, index) => found.slice(0, index).reduce((sum, one) => sum + one.instructions.length, 0));
  const functions = found.map(({ name }, index) => ({
    slot: starts[index] ?? 0,
    name: index === 0 ? setFunction(part) : `${setFunction(part)}_${name}`,
    // What is called is given the state of the net besides.
    numbers: SET_ARGUMENTS[part.of] + (index === 0 ? 0 : 1),
  }));
  const references = found.flatMap((one, index) =>
    one.references.map((reference) => ({
      ...reference,
      slot: (starts[index] ?? 0) + reference.slot,
      ...("map" in reference && reference.map === general && { map: own }),
    })),
  );
  return {
    instructions: found.flatMap(({ instructions }) => instructions),
    references,
    functions,
    lines: functions.map(({ slot }) => ({ slot, position })),
  };
}
