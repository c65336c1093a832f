import { Mistake } from "../diagnostics/mistake.ts";
import { type ProgramWord, programKinds } from "../types/program-kind.ts";
import { holds, scalarTypes } from "../types/scalar.ts";
import { checkName, constantArgument, flagOption } from "./argument.ts";
import type { Constant, Linkage } from "./constant.ts";
import type { WordCall, WordCallEvaluator } from "./word-call.ts";

/** What declares configuration values, programs and subprograms. */
export const declarationCalls: ReadonlyMap<string, WordCallEvaluator> = new Map<string, WordCallEvaluator>([
  ["config", declareConfig],
  ["license", declareLicense],
  ["metadata", declareMetadata],
  ["subprogram", (word) => declareFunction(word, "static")],
  // The keys of a literal record are its type's keys.
  ...(Object.keys(programKinds) as ProgramWord[]).map((kind): [string, WordCallEvaluator] => [
    kind,
    (word) => declareProgram(word, kind),
  ]),
  ["globalFunction", (word) => declareFunction(word, "global")],
]);

function declareConfig(word: WordCall): Constant {
  const name = constantArgument(word, 0, "string").value;
  const { layout } = constantArgument(word, 1, "layout");
  const { span } = word.call;
  if (layout.kind !== "scalar")
    throw new Mistake("WEIR1108", word.call.arguments[1]?.span ?? span, "an integer", "a record");
  if (layout.name === "bool")
    throw new Mistake("WEIR1108", word.call.arguments[1]?.span ?? span, "an integer, such as u8 for 0 or 1", "bool");
  const type = scalarTypes[layout.name];
  // User space sets plain numbers: a byte order that only one side knows of would be a trap.
  if (type.kind === "network") {
    throw new Mistake(
      "WEIR1108",
      word.call.arguments[1]?.span ?? span,
      "an integer in the machine's byte order",
      type.name,
    );
  }
  const initial = constantArgument(word, 2, "integer").value;
  if (!holds(type, initial)) throw new Mistake("WEIR1105", word.call.arguments[2]?.span ?? span, initial, type.name);
  const fixed = word.constants.fixed(name);
  if (fixed !== undefined && !holds(type, fixed)) throw new Mistake("WEIR1105", span, fixed, type.name);
  // No constant even when it is fixed: a variant has the mistakes of the program, not those of code that it does not need.
  return { kind: "config", config: Object.freeze({ name, type, initial, fixed, span }) };
}

function declareProgram(word: WordCall, programWord: ProgramWord): Constant {
  const { call, name } = word;
  if (name === undefined) throw new Mistake("WEIR1204", call.span);
  const kind = programKinds[programWord];
  const target = kind.section.endsWith("/") ? targetOf(word, kind.section) : "";
  const body = constantArgument(word, target === "" ? 0 : 1, "function");
  checkName(call.span, name, "a program");
  const options = call.arguments[target === "" ? 1 : 2];
  if (options !== undefined && options.kind !== "object") throw new Mistake("WEIR1201", options.span);
  const frags = flagOption(word, options, "frags");
  const section = frags ? kind.section.replace(/^xdp/, "xdp.frags") : kind.section;
  return {
    kind: "program",
    program: Object.freeze({ name, kind, section: `${section}${target}`, frags, function: body, span: call.span }),
  };
}

/** What a program runs at. The kernel's own names are C identifiers, a tracepoint's stands behind its category. */
function targetOf(word: WordCall, section: string): string {
  const target = constantArgument(word, 0, "string").value;
  const form = section === "tp/" ? /^\w+\/\w+$/ : /^\w+$/;
  if (form.test(target)) return target;
  const expected = section === "tp/" ? "category/name" : "a name of letters, digits and `_`";
  throw new Mistake("WEIR1108", word.call.arguments[0]?.span ?? word.call.span, expected, `"${target}"`);
}

/** The kernel reads it as text; which helpers may be called follows from it. */
function declareLicense(word: WordCall): Constant {
  const { value } = constantArgument(word, 0, "string");
  word.constants.file.license = value;
  return { kind: "string", value };
}

/** Tools look for it in the object's types, under the name of the constant; the program itself does not have it. */
function declareMetadata(word: WordCall): Constant {
  const { call, name, constants } = word;
  if (name === undefined) throw new Mistake("WEIR1204", call.span);
  checkName(call.span, name, "metadata");
  const section = constantArgument(word, 0, "string").value;
  const number = constantArgument(word, 1, "integer");
  const { u32 } = scalarTypes;
  if (!holds(u32, number.value)) {
    throw new Mistake("WEIR1105", call.arguments[1]?.span ?? call.span, number.value, u32.name);
  }
  constants.file.metadata.add(Object.freeze({ section, name, value: Number(number.value), span: call.span }));
  return number;
}

function declareFunction(word: WordCall, linkage: Linkage): Constant {
  const { call, name } = word;
  if (name === undefined) throw new Mistake("WEIR1204", call.span);
  checkName(call.span, name, "a subprogram");
  return { ...constantArgument(word, 0, "function"), name, linkage };
}
