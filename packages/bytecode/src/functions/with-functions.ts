import { BtfBuilder } from "../btf/index.ts";
import { ObjectError } from "../object-error.ts";
import type { ObjectSpec, ProgramSpec } from "../spec.ts";
import { type FunctionCode, functionCodes, takeApart } from "./function-code.ts";
import { inlineCall } from "./inline-call.ts";
import { putTogether } from "./put-together.ts";

/** Code for a program, of functions behind each other that call each other. */
export interface AddedCode extends Pick<ProgramSpec, "instructions" | "references"> {
  /** Where each function starts. */
  readonly functions: readonly { readonly slot: number; readonly name: string }[];
  /** Where the source changes. */
  readonly lines: readonly {
    readonly slot: number;
    readonly position: { readonly file: string; readonly text: string; readonly line: number; readonly column: number };
  }[];
}

/**
 * The object with other functions in a program: those with the names of functions that it has are taken instead of them, the others are added.
 * What nothing calls any more is left out. One that is called once can become a part of its caller.
 *
 * @example
 * ```ts
 * const pass = [alu("mov", 64, 0, 2), exit()];
 * withFunctions(monitor, "xdp_filter", [{ name: "decide", instructions: pass, references: [], uses: new Map(), lines: [], type: 0 }]);
 * ```
 * @param inlined the function that becomes a part of the program's own, if it uses no registers that a call leaves as they are
 * @throws {ObjectError} when there is no such program, or a function is called that is not there
 */
export function withFunctions(
  object: ObjectSpec,
  name: string,
  functions: readonly FunctionCode[],
  inlined?: string,
): ObjectSpec {
  const program = object.programs.get(name);
  if (program === undefined) throw new ObjectError(`the object has no program "${name}"`);
  const own = functionCodes(program, object.btf);
  const types = new Map(own.map((code) => [code.name, code.type]));
  const builder = object.btf && new BtfBuilder(object.btf);
  const typed = functions.map((code) => ({
    ...code,
    type: types.get(code.name) ?? (builder === undefined ? 0 : addedType(builder, code.name)),
  }));
  const all = inlined === undefined ? [...own, ...typed] : inline([...own, ...typed], inlined);
  const programs = new Map(object.programs).set(name, putTogether(program, all));
  return Object.freeze({ ...object, programs, btf: builder?.build() });
}

/** Where it can be, the first function is given another one's code in the place of the call. */
function inline(functions: readonly FunctionCode[], name: string): readonly FunctionCode[] {
  const [first, ...others] = functions;
  const callee = others.findLast((code) => code.name === name);
  const whole = first && callee && inlineCall(first, callee);
  return whole === undefined ? functions : [whole, ...others];
}

/** A function of the program alone: the kernel looks at its name. */
function addedType(builder: BtfBuilder, name: string): number {
  const number = builder.add({ kind: "int", name: "u64", size: 8, encoding: "unsigned" });
  const prototype = builder.add({ kind: "function-prototype", type: number, parameters: [] });
  return builder.add({ kind: "function", name, type: prototype, linkage: "static" });
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
  const functions = takeApart({ ...code, functions: [], lines }, places);
  return { object: Object.freeze({ ...object, btf: builder?.build() }), functions };
}
