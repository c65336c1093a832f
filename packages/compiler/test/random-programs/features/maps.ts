import type { Feature, StatementMaker } from "../feature.ts";
import type { Generator, RandomMap } from "../generator.ts";
import type { Scope } from "../scope.ts";

const HASHES = ["hashMap", "lruHashMap", "perCpuHashMap", "lruPerCpuHashMap"] as const;
const ARRAYS = ["arrayMap", "perCpuArrayMap"] as const;
/** LRU maps have room for all keys: what they drop first is the kernel's own affair. */
const LRU_ENTRIES = 256;

function declareMaps(generator: Generator): readonly string[] {
  const { random } = generator;
  const inner = generator.records.filter(({ name }) => name === "Inner" || name === "Outer");
  const value = generator.record("Entry", { inner, arrays: true });
  const plain = generator.record("Plain", { inner });
  const key = generator.record("Key", { packed: random.chance(30), inner: random.chance(20) ? inner : [] });
  const hash = (name: string, by: RandomMap["key"], of: RandomMap["value"]): RandomMap => {
    const word = random.chance(40) ? "hashMap" : random.pick(HASHES);
    return { name, word, kind: "hash", key: by, value: of, maxEntries: word.startsWith("lru") ? LRU_ENTRIES : 6 };
  };
  generator.maps.push(
    { name: "SLOTS", word: random.pick(ARRAYS), kind: "array", key: "u32", value, maxEntries: 4 },
    { name: "MORE", word: "arrayMap", kind: "array", key: "u32", value: plain, maxEntries: 2 },
    hash("TABLE", key, random.pick([plain, value])),
    hash("NUMBERS", random.pick(["u8", "u16", "u32", "u64", "be16", "be32", "i32", "i64"] as const), plain),
  );
  return generator.maps.map(mapText);
}

function mapText({ name, word, kind, key, value, maxEntries }: RandomMap): string {
  if (kind === "array") return `const ${name} = ${word}({ value: ${value.name}, maxEntries: ${maxEntries} });`;
  const keyName = typeof key === "string" ? key : key.name;
  return `const ${name} = ${word}({ key: ${keyName}, value: ${value.name}, maxEntries: ${maxEntries} });`;
}

function keyText({ key, kind, maxEntries }: RandomMap, scope: Scope, generator: Generator): string {
  const { random, values } = generator;
  if (kind === "array") return values.below(maxEntries * 2, scope, 1);
  // Few keys, so that some are found again.
  if (key === "be16" || key === "be32") {
    return `${key === "be16" ? "htons" : "htonl"}((${values.below(4, scope, 1)} as ${key === "be16" ? "u16" : "u32"}))`;
  }
  if (typeof key === "string") return `(${values.below(4, scope, 1)} as ${key})`;
  const known = values.choose(scope.records.filter((candidate) => candidate.record === key));
  return known !== undefined && random.chance(50) ? known.name : generator.newRecord(key, scope, true);
}

const lookup: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  const map = values.choose(generator.maps);
  if (map === undefined) return undefined;
  const found = () => {
    const key = keyText(map, scope, generator);
    // There is no CPU with a very large number.
    const cpu = random.pick(["cpuNumber()", String(generator.cpu), "0xffff"]);
    const other = map.word.includes("erCpu") && random.chance(30);
    return other ? `${map.name}.lookupOn(${key}, ${cpu})` : `${map.name}.lookup(${key})`;
  };
  const finder = values.choose(generator.finders.filter(({ record }) => record === map.value && map.kind === "array"));
  const value = random.chance(20)
    ? random.pick([
        `${values.condition(scope, 1)} ? ${found()} : null`,
        `${values.condition(scope, 1)} ? ${found()} : ${found()}`,
      ])
    : finder !== undefined && random.chance(40)
      ? finder.call(values.below(8, scope, 1))
      : found();
  return generator.checked(value, map.value, map.kind === "array" ? "array" : "hash", scope);
};

/** A variable for a record or null, that is given another one on some way. */
const reassigned: StatementMaker = (scope, generator) => {
  const { values, random } = generator;
  const map = values.choose(generator.maps);
  if (map === undefined) return undefined;
  const name = generator.name("m");
  const found = () => `${map.name}.lookup(${keyText(map, scope, generator)})`;
  const first = random.chance(40) ? "null" : found();
  const lines = [
    `let ${name}: Value<typeof ${map.value.name}> | null = ${first};`,
    `if (${values.condition(scope, 2)}) ${name} = ${first === "null" || random.chance(80) ? found() : "null"};`,
  ];
  const inner = scope.withRecord({ name, record: map.value, lies: map.kind === "array" ? "array" : "hash" });
  return { text: `${lines.join("\n")}\nif (${name} !== null) ${generator.block(inner)}`, scope };
};

/** Changes a map, unless a record in reach may lie in it. */
const change: StatementMaker = (scope, generator) => {
  const { random, values } = generator;
  const map = values.choose(generator.maps.filter(({ kind }) => kind === "hash"));
  // Functions change none, since their callers may hold a record of one.
  const endangered = !scope.frame.isProgram || [...scope.records, ...scope.arrays].some(({ lies }) => lies === "hash");
  if (map === undefined || endangered) return undefined;
  const key = keyText(map, scope, generator);
  const known = values.choose(scope.records.filter(({ record }) => record === map.value));
  const value = known !== undefined && random.chance(40) ? known.name : generator.newRecord(map.value, scope);
  const mode = random.pick(["", ", BPF_ANY", ", BPF_NOEXIST", ", BPF_EXIST"]);
  const call = random.chance(25) ? `${map.name}.delete(${key})` : `${map.name}.update(${key}, ${value}${mode})`;
  const result = values.variable(scope, "i32");
  return result !== undefined && random.chance(40) ? `${result} = ${call};` : `${call};`;
};

/** Maps of all kinds that are looked up in. */
export const maps: Feature = {
  words: [...HASHES, ...ARRAYS, "BPF_ANY", "BPF_NOEXIST", "BPF_EXIST", "cpuNumber", "htons", "htonl"],
  declare: declareMaps,
  statements: [
    [3, lookup],
    [1, reassigned],
    [2, change],
  ],
};
