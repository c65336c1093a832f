import type { Btf } from "../btf/btf.ts";
import { ObjectError } from "../object-error.ts";
import type { ObjectSpec, ProgramSpec } from "../spec.ts";
import { type FunctionRange, functionsOf, functionTarget } from "./functions.ts";

/** A function in its place. */
export interface PlacedFunction extends FunctionRange {
  readonly program: ProgramSpec;
  readonly section: string;
  /** Where it begins in the section. */
  readonly slot: number;
}

/** Where the functions that programs call go; loaders take each function outside of it for a program. */
export const FUNCTION_SECTION = ".text";

/** The functions of all programs, each in its section; what is the same in several programs is there once. */
export class CodeLayout {
  /** By section, in the order of their code: the called functions first, as clang has it. */
  readonly sections: Map<string, PlacedFunction[]> = new Map([[FUNCTION_SECTION, []]]);
  readonly #placed = new Map<ProgramSpec, Map<number, PlacedFunction>>();
  readonly #shared = new Map<string, PlacedFunction>();

  constructor(spec: ObjectSpec, btf: Btf | undefined) {
    for (const program of spec.programs.values()) this.#place(program, functionsOf(program, btf));
    for (const [name, functions] of this.sections) if (functions.length === 0) this.sections.delete(name);
  }

  /** The function of a program that begins at a slot. */
  at(program: ProgramSpec, start: number): PlacedFunction {
    const found = this.#placed.get(program)?.get(start);
    if (found !== undefined) return found;
    throw new ObjectError(`program "${program.name}" calls slot ${start}; it has none such`);
  }

  #place(program: ProgramSpec, ranges: readonly FunctionRange[]): void {
    const own = new Map<number, PlacedFunction>();
    this.#placed.set(program, own);
    for (const range of ranges) {
      const isMain = range.start === 0;
      own.set(
        range.start,
        isMain ? this.#append(program, range, program.section) : this.#share(program, range, ranges),
      );
    }
  }

  #share(program: ProgramSpec, range: FunctionRange, ranges: readonly FunctionRange[]): PlacedFunction {
    const content = contentOf(program, range, ranges);
    const placed = this.#shared.get(content) ?? this.#append(program, range, FUNCTION_SECTION);
    this.#shared.set(content, placed);
    return placed;
  }

  #append(program: ProgramSpec, range: FunctionRange, section: string): PlacedFunction {
    const functions = this.sections.get(section) ?? [];
    this.sections.set(section, functions);
    const last = functions.at(-1);
    const slot = last === undefined ? 0 : last.slot + last.end - last.start;
    const placed = { ...range, program, section, slot };
    functions.push(placed);
    return placed;
  }
}

/** All that makes a function what it is, with what it calls, as text to compare. */
function contentOf(program: ProgramSpec, range: FunctionRange, ranges: readonly FunctionRange[]): string {
  const seen = new Set<number>();
  const describe = ({ name, start, end }: FunctionRange): unknown => {
    if (seen.has(start)) return name;
    seen.add(start);
    const inside = <Entry extends { slot: number }>(entries: readonly Entry[]): Entry[] =>
      entries
        .filter(({ slot }) => slot >= start && slot < end)
        .map((entry) => ({ ...entry, slot: entry.slot - start }));
    const code = program.instructions.slice(start, end).map((instruction, index) => {
      const target = functionTarget(instruction, start + index);
      const called = target === undefined ? undefined : ranges.find((one) => one.start === target);
      return called === undefined ? instruction : { ...instruction, immediate: describe(called) };
    });
    return [name, code, inside(program.references), inside(program.functions), inside(program.lines)];
  };
  return JSON.stringify(describe(range));
}
