import { BtfBuilder } from "../btf/index.ts";
import { ObjectError } from "../object-error.ts";
import type { ObjectSpec, ProgramSpec } from "../spec.ts";
import { type FunctionCode, functionCodes, takeApart } from "./function-code.ts";
import { inlineCalls } from "./inline-call.ts";
import { putTogether } from "./put-together.ts";

/** Code for a program, of functions behind each other that call each other. */
export interface AddedCode extends Pick<ProgramSpec, "instructions" | "references"> {
  /**
   * Where each function starts. One that says how many `numbers` it takes is a global one: the verifier looks at it once, by itself; else
   * it does at each call.
   */
  readonly functions: readonly { readonly slot: number; readonly name: string; readonly numbers?: number }[];
  /** Where the source changes. */
  readonly lines: readonly {
    readonly slot: number;
    readonly position: { readonly file: string; readonly text: string; readonly line: number; readonly column: number };
  }[];
}

/**
 * The object with other functions in a program: those with the names of functions that it has are taken instead of them, the others are added.
 * What nothing calls any more is left out. Some can become parts of those that call them.
 *
 * @example
 * ```ts
 * const pass = [alu("mov", 64, 0, 2), exit()];
 * withFunctions(monitor, "xdp_filter", [{ name: "decide", instructions: pass, references: [], uses: new Map(), lines: [], type: 0 }]);
 * ```
 * @param inlined functions that become parts of all that call them: those of each list together, which do not call each other, one list after the other
 * @throws {ObjectError} when there is no such program, or a function is called that is not there
 */
export function withFunctions(
  object: ObjectSpec,
  name: string,
  functions: readonly FunctionCode[],
  inlined: readonly (readonly string[])[] = [],
): ObjectSpec {
  const program = object.programs.get(name);
  if (program === undefined) throw new ObjectError(`the object has no program "${name}"`);
  const own = functionCodes(program, object.btf);
  const types = new Map(own.map((code) => [code.name, code.type]));
  const builder = object.btf && new BtfBuilder(object.btf);
  const typed = functions.map((code) => ({
    ...code,
    type: types.get(code.name) ?? (builder === undefined || code.type > 0 ? code.type : addedType(builder, code.name)),
  }));
  const all = inlined.reduce(inline, [...own, ...typed]);
  const programs = new Map(object.programs).set(name, putTogether(program, all));
  return Object.freeze({ ...object, programs, btf: builder?.build() });
}

/** Where they can, all functions are given the code of some in the place of the calls of them. */
function inline(functions: readonly FunctionCode[], names: readonly string[]): readonly FunctionCode[] {
  const callees = names.flatMap((name) => functions.findLast((code) => code.name === name) ?? []);
  return functions.map((code) => (callees.includes(code) ? code : (inlineCalls(code, callees) ?? code)));
}

/** Of a function of the program alone the kernel looks at its name; of a global one, at how many numbers it takes. */
function addedType(builder: BtfBuilder, name: string, numbers?: number): number {
  const number = builder.add({ kind: "int", name: "u64", size: 8, encoding: "unsigned" });
  const parameters = Array.from({ length: numbers ?? 0 }, (_, index) => ({ name: `number_${index}`, type: number }));
  const prototype = builder.add({ kind: "function-prototype", type: number, parameters });
  return builder.add({ kind: "function", name, type: prototype, linkage: numbers === undefined ? "static" : "global" });
}

/**
 * Code that was compiled, as functions of an object that its lines are put into.
 *
 * @example
 * ```ts
 * const code = { instructions: [alu("mov", 64, 0, 2), exit()], references: [], functions: [{ slot: 0, name: "decide" }], lines: [] };
 * const { object, functions } = functionsFor(monitor, code);
 * withFunctions(object, "xdp_filter", functions);
 * ```
 */
export function functionsFor(
  object: ObjectSpec,
  code: AddedCode,
): { readonly object: ObjectSpec; readonly functions: readonly FunctionCode[] } {
  const builder = object.btf && new BtfBuilder(object.btf);
  const lines = code.lines.flatMap(({ slot, position: { file, text, line, column } }) =>
    builder === undefined
      ? []
      : { slot, fileNameOffset: builder.addString(file), lineOffset: builder.addString(text), line, column },
  );
  const places = code.functions.toSorted((one, other) => one.slot - other.slot);
  const types = code.functions.flatMap(({ slot, name, numbers }) =>
    builder === undefined || numbers === undefined ? [] : { slot, type: addedType(builder, name, numbers) },
  );
  const functions = takeApart({ ...code, functions: types, lines }, places);
  return { object: Object.freeze({ ...object, btf: builder?.build() }), functions };
}
