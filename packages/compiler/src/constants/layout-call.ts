import { array, bytes, type Layout, packed, struct } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import { holds, i64, u64 } from "../types/scalar.ts";
import { constantArgument } from "./argument.ts";
import type { Constant } from "./constant.ts";
import type { WordCall, WordCallEvaluator } from "./word-call.ts";

/** Record layouts are made by the functions that user space calls, so offsets cannot differ. */
export const layoutCalls: ReadonlyMap<string, WordCallEvaluator> = new Map<string, WordCallEvaluator>([
  ["struct", (word) => make(word, () => struct(members(word)))],
  ["packed", (word) => make(word, () => packed(members(word)))],
  ["bytes", (word) => make(word, () => bytes(Number(constantArgument(word, 0, "integer").value)))],
  [
    "array",
    (word) =>
      make(word, () =>
        array(constantArgument(word, 0, "layout").layout, Number(constantArgument(word, 1, "integer").value)),
      ),
  ],
  ["u64.of", (word) => wide(word, u64)],
  ["i64.of", (word) => wide(word, i64)],
]);

function make({ call }: WordCall, layout: () => Layout): Constant {
  try {
    return { kind: "layout", layout: layout() };
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError)
      throw new Mistake("WEIR1203", call.span, error.message);
    throw error;
  }
}

function members(word: WordCall): Record<string, Layout> {
  const layouts: Record<string, Layout> = {};
  for (const [name, constant] of constantArgument(word, 0, "object").properties) {
    if (constant.kind !== "layout") throw new Mistake("WEIR1201", word.call.span);
    layouts[name] = constant.layout;
  }
  return layouts;
}

function wide(word: WordCall, type: typeof u64): Constant {
  const constant = constantArgument(word, 0, "integer");
  if (!holds(type, constant.value)) throw new Mistake("WEIR1105", word.call.span, constant.value, type.name);
  return { ...constant, type };
}
