import type { MapType } from "@weir/bytecode";
import { i32, type Layout, packed, type StructLayout, struct, u32 } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import { ownedIn } from "../types/kernel-owned.ts";
import { checkName, flagOption, layoutOption, optionSyntax } from "./argument.ts";
import type { Constant, MapDeclaration, MapOperations, ProgramDeclaration } from "./constant.ts";
import type { WordCall, WordCallEvaluator } from "./word-call.ts";

const types: readonly (readonly [word: string, type: MapType, operations: MapOperations])[] = [
  ["arrayMap", "array", "array"],
  ["perCpuArrayMap", "per-cpu-array", "array"],
  ["hashMap", "hash", "hash"],
  ["lruHashMap", "lru-hash", "hash"],
  ["perCpuHashMap", "per-cpu-hash", "hash"],
  ["lruPerCpuHashMap", "lru-per-cpu-hash", "hash"],
  ["arrayOfMaps", "array-of-maps", "maps"],
  ["hashOfMaps", "hash-of-maps", "maps"],
  ["lpmMap", "lpm-trie", "prefixes"],
  ["cpuMap", "cpu-map", "cpus"],
  ["deviceMap", "device-map", "devices"],
  ["deviceHashMap", "device-hash", "devices"],
  ["xskMap", "xsk-map", "sockets"],
  ["ringBuffer", "ring-buffer", "ring"],
  ["perfEventArray", "perf-event-array", "events"],
  ["programArray", "program-array", "programs"],
  ["queueMap", "queue", "queue"],
  ["stackMap", "stack", "queue"],
  ["bloomFilter", "bloom-filter", "bloom"],
  ["skStorageMap", "sk-storage", "storage"],
];

/** What the kernel prescribes for the values of maps that packets are redirected through. */
const targets: Readonly<Partial<Record<MapOperations, StructLayout>>> = {
  /** `struct bpf_cpumap_val`. */
  cpus: struct({ queueSize: u32, program: u32 }),
  /** `struct bpf_devmap_val`. */
  devices: struct({ interfaceIndex: u32, program: u32 }),
};

/** `BPF_OBJ_NAME_LEN` less the 0 at its end. */
const LONGEST_NAME = 15;
const BPF_F_NO_PREALLOC = 1 << 0;
const BPF_F_MMAPABLE = 1 << 10;
/** Ring buffers consist of whole pages; of some kernels for arm64 these are larger, and the loader finds out. */
const PAGE = 4096n;

export const mapCalls: ReadonlyMap<string, WordCallEvaluator> = new Map(
  types.map(([word, type, operations]) => [word, (call) => declare(call, type, operations)]),
);

function declare(word: WordCall, type: MapType, operations: MapOperations): Constant {
  const { call, name } = word;
  if (name === undefined) throw new Mistake("WEIR1204", call.span);
  checkName(call.span, name, "a map");
  if (name.length > LONGEST_NAME) throw new Mistake("WEIR1207", call.span, name);
  const elements = elementsOf(word, type, operations);
  checkOwned(word, type, elements.value);
  const programs = programsOf(word);
  return {
    kind: "map",
    map: Object.freeze({
      name,
      type,
      operations,
      ...elements,
      record: recordOf(elements.value),
      inner: operations === "maps" ? innerMap(word) : undefined,
      maxEntries: sizeOf(word, operations, programs.length),
      flags:
        (flagOption(word, call.arguments[0], "mmapable") ? BPF_F_MMAPABLE : 0) |
        (operations === "prefixes" || operations === "storage" ? BPF_F_NO_PREALLOC : 0),
      programs,
      span: call.span,
    }),
  };
}

interface OwnedPlace {
  readonly name: "bpf_timer" | "bpf_spin_lock";
  readonly word: string;
  readonly types: ReadonlySet<MapType>;
  readonly said: string;
}

/** Where the kernel takes timers and locks (`map_check_btf`). */
const OWNED_PLACES: readonly OwnedPlace[] = [
  {
    name: "bpf_timer",
    word: "timer",
    types: new Set(["hash", "lru-hash", "array"]),
    said: "hash maps, LRU maps and arrays that all CPUs share",
  },
  {
    name: "bpf_spin_lock",
    word: "lock",
    types: new Set(["hash", "array", "sk-storage"]),
    said: "hash maps and arrays that all CPUs share, and of what is kept with sockets",
  },
];

function checkOwned({ call }: WordCall, type: MapType, value: Layout | undefined): void {
  for (const { name, word, types, said } of OWNED_PLACES) {
    const count = value === undefined ? 0 : ownedIn(value, name);
    if (count === 0) continue;
    const { span } = optionSyntax(call.arguments[0], "value") ?? call;
    if (!types.has(type)) throw new Mistake("WEIR1318", span, word, said, `a map of type ${type}`);
    if (count > 1) throw new Mistake("WEIR1319", span, word);
  }
}

type Elements = Pick<MapDeclaration, "key" | "storedKey" | "value">;

function elementsOf(word: WordCall, type: MapType, operations: MapOperations): Elements {
  switch (operations) {
    case "array":
      return { key: undefined, storedKey: u32, value: layoutOption(word, "value").layout };
    case "hash":
      return { ...keyOption(word), value: layoutOption(word, "value").layout };
    case "prefixes": {
      // `struct bpf_lpm_trie_key`: how many bits count stands before them.
      const key = prefixOption(word);
      return { key, storedKey: packed({ prefixLength: u32, bits: key }), value: layoutOption(word, "value").layout };
    }
    case "maps":
      return type === "array-of-maps"
        ? { key: undefined, storedKey: u32, value: u32 }
        : { ...keyOption(word), value: u32 };
    case "queue":
    case "bloom":
      return { key: undefined, storedKey: undefined, value: layoutOption(word, "value").layout };
    case "storage":
      // User space names a socket by its descriptor.
      return { key: undefined, storedKey: i32, value: layoutOption(word, "value").layout };
    case "ring":
      return { key: undefined, storedKey: undefined, value: undefined };
    default:
      return { key: u32, storedKey: u32, value: targets[operations] ?? u32 };
  }
}

function keyOption(word: WordCall): Pick<Elements, "key" | "storedKey"> {
  const key = layoutOption(word, "key").layout;
  return { key, storedKey: key };
}

/** What the bits of a prefix may end in: numbers of this machine are the other way round. One that comes before may be matched as a whole. */
function prefixOption(word: WordCall): Layout {
  const key = layoutOption(word, "key").layout;
  let last = key;
  for (let inner: Layout | undefined = key; inner !== undefined; inner = lastPart(inner)) last = inner;
  if (last.kind === "scalar" && /^[ui](16|32|64)$/.test(last.name)) {
    const { span } = optionSyntax(word.call.arguments[0], "key") ?? word.call;
    throw new Mistake("WEIR1323", span, last.name, last.name.replace(/^[ui]/, "be"));
  }
  return key;
}

function lastPart(layout: Layout): Layout | undefined {
  if (layout.kind === "struct") return layout.fields.at(-1)?.layout;
  return layout.kind === "array" ? layout.element : undefined;
}

/** User space makes the maps that are put in: this one says what they must be like. */
function innerMap({ call, constants }: WordCall): MapDeclaration {
  const syntax = optionSyntax(call.arguments[0], "inner");
  const inner = syntax && constants.evaluate(syntax, "inner");
  if (inner?.kind === "map") return inner.map;
  throw new Mistake("WEIR1201", syntax?.span ?? call.span);
}

const records = new WeakMap<Layout, StructLayout>();

/** One layout for each value, since layouts are told apart by identity where that suffices. */
function recordOf(value: Layout | undefined): StructLayout | undefined {
  if (value === undefined) return undefined;
  if (value.kind === "struct") return value;
  const record = records.get(value) ?? struct({ value });
  records.set(value, record);
  return record;
}

function numberOption(word: WordCall, name: string, what: string): number {
  const syntax = optionSyntax(word.call.arguments[0], name);
  const constant = syntax && word.constants.evaluate(syntax);
  if (constant?.kind !== "integer") throw new Mistake("WEIR1201", syntax?.span ?? word.call.span);
  if (constant.value < 1n || constant.value > 0xffff_ffffn) {
    throw new Mistake("WEIR1105", syntax?.span ?? word.call.span, constant.value, what);
  }
  return Number(constant.value);
}

/** `max_entries`; what goes with sockets has no limit of its own. */
function sizeOf(word: WordCall, operations: MapOperations, given: number): number {
  if (operations === "storage") return 0;
  return operations === "ring" ? bufferSize(word) : entriesOf(word, given);
}

/** At least as many as are there from the beginning. */
function entriesOf(word: WordCall, given: number): number {
  const syntax = optionSyntax(word.call.arguments[0], "maxEntries");
  if (given > 0 && syntax === undefined) return given;
  const entries = numberOption(word, "maxEntries", "the size of a map");
  if (entries < given) throw new Mistake("WEIR1108", syntax?.span ?? word.call.span, `at least ${given}`, `${entries}`);
  return entries;
}

function programsOf({ call, constants }: WordCall): readonly ProgramDeclaration[] {
  const syntax = optionSyntax(call.arguments[0], "programs");
  if (syntax === undefined) return [];
  const list = constants.evaluate(syntax);
  if (list?.kind !== "list") throw new Mistake("WEIR1201", syntax.span);
  const programs = list.elements.map((element) => {
    if (element.kind !== "program") throw new Mistake("WEIR1108", syntax.span, "programs", element.kind);
    return element.program;
  });
  const [first] = programs;
  const other = programs.find(({ kind, frags }) => kind.type !== first?.kind.type || frags !== first.frags);
  if (first !== undefined && other !== undefined)
    throw new Mistake("WEIR1325", syntax.span, other.name, other.section, first.name, first.section);
  return programs;
}

function bufferSize(word: WordCall): number {
  const size = BigInt(numberOption(word, "size", "the size of a ring buffer"));
  if (size >= PAGE && (size & (size - 1n)) === 0n) return Number(size);
  throw new Mistake("WEIR1701", optionSyntax(word.call.arguments[0], "size")?.span ?? word.call.span);
}
