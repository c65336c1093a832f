import type { MapType } from "@weir/bytecode";
import { type StructLayout, struct, u32 } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import { checkName, flagOption, layoutOption, optionSyntax } from "./argument.ts";
import type { Constant, MapDeclaration, MapOperations } from "./constant.ts";
import type { WordCall, WordCallEvaluator } from "./word-call.ts";

const types: readonly (readonly [word: string, type: MapType, operations: MapOperations])[] = [
  ["arrayMap", "array", "array"],
  ["perCpuArrayMap", "per-cpu-array", "array"],
  ["hashMap", "hash", "hash"],
  ["lruHashMap", "lru-hash", "hash"],
  ["perCpuHashMap", "per-cpu-hash", "hash"],
  ["lruPerCpuHashMap", "lru-per-cpu-hash", "hash"],
  ["cpuMap", "cpu-map", "cpus"],
  ["deviceMap", "device-map", "devices"],
  ["deviceHashMap", "device-hash", "devices"],
];

/** What the kernel prescribes for the values of maps that packets are redirected through. */
const targets: Readonly<Record<"cpus" | "devices", StructLayout>> = {
  /** `struct bpf_cpumap_val`. */
  cpus: struct({ queueSize: u32, program: u32 }),
  /** `struct bpf_devmap_val`. */
  devices: struct({ interfaceIndex: u32, program: u32 }),
};

/** `BPF_OBJ_NAME_LEN` less the 0 at its end. */
const LONGEST_NAME = 15;

export const mapCalls: ReadonlyMap<string, WordCallEvaluator> = new Map(
  types.map(([word, type, operations]) => [word, (call) => declare(call, type, operations)]),
);

function declare(word: WordCall, type: MapType, operations: MapOperations): Constant {
  const { call, name, constants } = word;
  if (name === undefined) throw new Mistake("WEIR1204", call.span);
  checkName(call.span, name, "a map");
  if (name.length > LONGEST_NAME) throw new Mistake("WEIR1207", call.span, name);
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
      operations,
      ...elements(word, operations),
      maxEntries: Number(maxEntries.value),
      mmapable: flagOption(word, call.arguments[0], "mmapable"),
      span: call.span,
    }),
  };
}

function elements(word: WordCall, operations: MapOperations): Pick<MapDeclaration, "key" | "value"> {
  if (operations === "array") return { key: undefined, value: recordOption(word) };
  if (operations === "hash") return { key: layoutOption(word, "key").layout, value: recordOption(word) };
  return { key: u32, value: targets[operations] };
}

function recordOption(word: WordCall): StructLayout {
  const { layout, syntax } = layoutOption(word, "value");
  if (layout.kind !== "struct") throw new Mistake("WEIR1305", syntax.span, "the value");
  return layout;
}
