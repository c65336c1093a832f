import { Mistake } from "../diagnostics/mistake.ts";
import { holds, scalarTypes } from "../types/scalar.ts";
import { checkName, constantArgument, flagOption } from "./argument.ts";
import type { Constant, Linkage } from "./constant.ts";
import type { WordCall, WordCallEvaluator } from "./word-call.ts";

/** What declares configuration values, programs and subprograms. */
export const declarationCalls: ReadonlyMap<string, WordCallEvaluator> = new Map<string, WordCallEvaluator>([
  ["config", declareConfig],
  ["xdp", declareXdp],
  ["subprogram", (word) => declareFunction(word, "static")],
  ["globalFunction", (word) => declareFunction(word, "global")],
]);

function declareConfig(word: WordCall): Constant {
  const name = constantArgument(word, 0, "string").value;
  const { layout } = constantArgument(word, 1, "layout");
  const initial = constantArgument(word, 2, "integer").value;
  const { span } = word.call;
  if (layout.kind !== "scalar")
    throw new Mistake("WEIR1108", word.call.arguments[1]?.span ?? span, "an integer", "a record");
  if (layout.name === "bool") throw new Mistake("WEIR1108", word.call.arguments[1]?.span ?? span, "an integer", "bool");
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
  if (!holds(type, initial)) throw new Mistake("WEIR1105", word.call.arguments[2]?.span ?? span, initial, type.name);
  const fixed = word.constants.fixed(name);
  if (fixed !== undefined && !holds(type, fixed)) throw new Mistake("WEIR1105", span, fixed, type.name);
  // No constant even when it is fixed: a variant has the mistakes of the program, not those of code that it does not need.
  return { kind: "config", config: Object.freeze({ name, type, initial, fixed, span }) };
}

function declareXdp(word: WordCall): Constant {
  const { call, name } = word;
  if (name === undefined) throw new Mistake("WEIR1204", call.span);
  const body = constantArgument(word, 0, "function");
  checkName(call.span, name, "a program");
  const options = call.arguments[1];
  if (options !== undefined && options.kind !== "object") throw new Mistake("WEIR1201", options.span);
  return {
    kind: "program",
    program: Object.freeze({
      name,
      frags: flagOption(word, options, "frags"),
      function: body,
      span: call.span,
    }),
  };
}

function declareFunction(word: WordCall, linkage: Linkage): Constant {
  const { call, name } = word;
  if (name === undefined) throw new Mistake("WEIR1204", call.span);
  checkName(call.span, name, "a subprogram");
  return { ...constantArgument(word, 0, "function"), name, linkage };
}
