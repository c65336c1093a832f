import type { MapType } from "@weir/bytecode";
import type { StructLayout } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import { checkName, flagOption, layoutOption, optionSyntax } from "./argument.ts";
import type { Constant } from "./constant.ts";
import type { WordCall, WordCallEvaluator } from "./word-call.ts";

const types: readonly (readonly [word: string, type: MapType])[] = [
  ["arrayMap", "array"],
  ["perCpuArrayMap", "per-cpu-array"],
  ["hashMap", "hash"],
  ["lruHashMap", "lru-hash"],
  ["perCpuHashMap", "per-cpu-hash"],
  ["lruPerCpuHashMap", "lru-per-cpu-hash"],
];

/** `BPF_OBJ_NAME_LEN` less the 0 at its end. */
const LONGEST_NAME = 15;

export const mapCalls: ReadonlyMap<string, WordCallEvaluator> = new Map(
  types.map(([word, type]) => [word, (call) => declare(call, type)]),
);

function declare(word: WordCall, type: MapType): Constant {
  const { call, name, constants } = word;
  if (name === undefined) throw new Mistake("WEIR1204", call.span);
  checkName(word, name, "a map");
  if (name.length > LONGEST_NAME) throw new Mistake("WEIR1207", call.span, name);
  const isArray = type === "array" || type === "per-cpu-array";
  const entriesSyntax = optionSyntax(call.arguments[0], "maxEntries");
  const maxEntries = entriesSyntax && constants.evaluate(entriesSyntax);
  if (maxEntries?.kind !== "integer") throw new Mistake("WEIR1201", entriesSyntax?.span ?? call.span);
  if (maxEntries.value < 1n || maxEntries.value > 0xffff_ffffn) {
    throw new Mistake("WEIR1105", entriesSyntax?.span ?? call.span, maxEntries.value, "the size of a map");
  }
  return {
    kind: "map",
    map: Object.freeze({
      name,
      type,
      key: isArray ? undefined : layoutOption(word, "key").layout,
      value: recordOption(word),
      maxEntries: Number(maxEntries.value),
      mmapable: flagOption(word, call.arguments[0], "mmapable"),
      span: call.span,
    }),
  };
}

function recordOption(word: WordCall): StructLayout {
  const { layout, syntax } = layoutOption(word, "value");
  if (layout.kind !== "struct") throw new Mistake("WEIR1305", syntax.span, "the value");
  return layout;
}
