import { parseBtf } from "../btf/index.ts";
import { functionsOf, functionTarget } from "../elf/functions.ts";
import type { Instruction } from "../instruction.ts";
import type { LineInfo, ProgramSpec, Reference } from "../spec.ts";

/** The code of one function, apart from the program that it is in; slots count from its start. */
export interface FunctionCode {
  readonly name: string;
  readonly instructions: readonly Instruction[];
  readonly references: readonly Reference[];
  /** Functions that it calls, or takes the address of, by the slot where it does. */
  readonly uses: ReadonlyMap<number, string>;
  /** Where its lines come from, in the strings of the object's BTF. */
  readonly lines: readonly LineInfo[];
  /** Its BTF `FUNC` in the object; 0 where it has none. */
  readonly type: number;
}

/**
 * The functions of a program, each for itself; the first is the program's own.
 *
 * @example
 * ```ts
 * for (const program of monitor.programs.values()) functionCodes(program, monitor.btf).map(({ name }) => name); // ["xdp_filter", "decide"]
 * ```
 * @param types the object's BTF section, for the names of functions
 */
export function functionCodes(program: ProgramSpec, types: Uint8Array | undefined): readonly FunctionCode[] {
  const places = functionsOf(program, types && parseBtf(types));
  return takeApart(
    program,
    places.map(({ start, name }) => ({ slot: start, name })),
  );
}

/** Takes a program apart, into functions whose places are given in rising order. */
export function takeApart(
  { instructions, references, lines, functions }: Omit<ProgramSpec, "name" | "section" | "type" | "frags">,
  places: readonly { readonly name: string; readonly slot: number }[],
): readonly FunctionCode[] {
  const names = new Map(places.map(({ slot, name }) => [slot, name]));
  const types = new Map(functions.map(({ slot, type }) => [slot, type]));
  return places.map(({ name, slot: start }, index) => {
    const end = places[index + 1]?.slot ?? instructions.length;
    const fromStart = <Item extends { readonly slot: number }>(items: readonly Item[]): readonly Item[] =>
      items.filter(({ slot }) => slot >= start && slot < end).map((item) => ({ ...item, slot: item.slot - start }));
    const own = instructions.slice(start, end);
    const uses = own.flatMap((instruction, slot) => {
      const target = functionTarget(instruction, start + slot);
      const used = target === undefined ? undefined : names.get(target);
      return used === undefined ? [] : [[slot, used] as const];
    });
    return {
      ...{ name, instructions: own, references: fromStart(references), lines: fromStart(lines) },
      uses: new Map(uses),
      type: types.get(start) ?? 0,
    };
  });
}
