import { Random } from "@weir/laboratory";
import { Expressions } from "./random-expressions.ts";
import { type RandomRecord, randomRecord, type Scalar } from "./random-records.ts";
import { type RandomMap, Statements } from "./random-statements.ts";
import { type Named, type RandomFunction, Scope } from "./scope.ts";

const scalars = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "be16", "be32", "be64"] as const;

/** A program, and the configuration values that it declares. */
export interface RandomProgram {
  readonly text: string;
  readonly configs: readonly { readonly name: string; readonly type: Scalar }[];
}

/**
 * A random kernel program: records in the packet and in maps, functions, loops, all widths and operators. The
 * verifier takes it, since offsets, indices and loops are bounded.
 */
export function randomProgram(seed: number): RandomProgram {
  const random = new Random(seed);
  const expressions = new Expressions(random);
  const inner = randomRecord(random, "Inner", [], { arrays: false, packed: false });
  const packetRecords: [RandomRecord, RandomRecord] = [
    randomRecord(random, "Header", [inner], { arrays: true, packed: random.chance(30) }),
    randomRecord(random, "Trailer", [], { arrays: false, packed: true }),
  ];
  const key = randomRecord(random, "Key", [], { arrays: false, packed: false });
  const value = randomRecord(random, "Entry", [inner], { arrays: true, packed: false });
  const plain = randomRecord(random, "Plain", [inner], { arrays: false, packed: false });
  const maps: [RandomMap, RandomMap, RandomMap] = [
    { name: "SLOTS", kind: "array", key: "u32", value, maxEntries: 4 },
    { name: "TABLE", kind: "hash", key, value: plain, maxEntries: 8 },
    {
      name: "NUMBERS",
      kind: "hash",
      key: random.pick(["u8", "u16", "u32", "u64"] as const),
      value: plain,
      maxEntries: 8,
    },
  ];
  const configs = Array.from({ length: 2 }, (_, index) => {
    const type = random.pick(["u8", "u16", "u32", "u64", "i32", "i64", "i8"] as const);
    return { name: `c${index}`, type, value: random.below(128) };
  });
  const known = configs.map(({ name, type }) => ({ name, type, mutable: false }));
  const functions: RandomFunction[] = [];
  const functionTexts: string[] = [];
  for (let index = 0; index < 3; index++) {
    const made = randomFunction(random, `g${index}`, random.chance(40) ? random.pick([value, plain]) : undefined);
    const scope = new Scope(
      [...known, ...made.parameters.map((type, at) => ({ name: `a${at}`, type, mutable: random.chance(50) }))],
      made.record === undefined
        ? []
        : [{ name: "record", record: made.record, indexed: true, made: !made.separate, inHash: true }],
      [...functions],
      0,
    );
    functionTexts.push(functionText(random, made, scope, expressions, packetRecords, maps));
    functions.push(made);
  }
  const statements = new Statements(random, expressions, packetRecords, maps, "u32", true);
  // Every packet is long enough for this one, so that there is something to compute with.
  const [header] = packetRecords;
  const lengths = ["length", "total"].map((name) => ({ name, type: "u32" as const, mutable: false }));
  const start = new Scope(
    [...known, ...lengths],
    [{ name: "h", record: header, indexed: false, made: false, inHash: false }],
    functions,
    0,
  );
  const body = statements.body(start, 14);
  const text = [
    `import { array, be16, be32, be64, bytes, i16, i32, i64, i8, packed, struct, u16, u32, u64, u8, type Value } from "@weir/bytecode/layout";`,
    `import { arrayMap, atomicAdd, atomicAnd, atomicCompareExchange, atomicExchange, atomicOr, atomicXor, BPF_ANY, BPF_EXIST, BPF_NOEXIST, config, cpuMap, deviceMap, hashMap, htonl, htonll, htons, ntohl, ntohll, ntohs, opaque, redirect, subprogram, view, type XdpPacket, xdp } from "@weir/compiler/language";`,
    ...[inner, ...packetRecords, key, value, plain].map(({ text }) => text),
    "const Bytes = packed({ first: u8, both: i8 });",
    ...maps.map(mapText),
    "const CPUS = cpuMap({ maxEntries: 4 });",
    "const PORTS = deviceMap({ maxEntries: 4 });",
    ...configs.map(({ name, type, value: initial }) => `const ${name} = config("${name}", ${type}, ${initial});`),
    ...functionTexts,
    ...recordFunctions(
      random,
      expressions,
      new Statements(random, expressions, packetRecords, maps, "u32", false),
      known,
      plain,
    ),
    `export const program = xdp((packet: XdpPacket) => {\nconst h = packet.at(Header, 0);\nif (h === null) return 9;\nconst length = packet.length;\nconst total = packet.totalLength;\n${body}\n});`,
  ].join("\n");
  return { text, configs };
}

/** Functions whose results are records: in the packet, in a map, made by themselves; the first two may be null. */
function recordFunctions(
  random: Random,
  expressions: Expressions,
  statements: Statements,
  known: readonly { readonly name: string; readonly type: Scalar; readonly mutable: boolean }[],
  plain: RandomRecord,
): readonly string[] {
  const scope = new Scope([...known, { name: "a", type: "u32", mutable: false }], [], [], 0);
  const condition = () => expressions.condition(scope, 2);
  const near = () => `${expressions.below(32, scope, 2)}`;
  const locate = random.pick([
    `if (${condition()}) return null;\nreturn packet.at(Header, ${near()});`,
    `return ${condition()} ? packet.at(Header, ${near()}) : packet.at(Header, a & 63);`,
    `const found = packet.at(Header, a & 63);\nif (found !== null && ${condition()}) return found;\nreturn packet.at(Header, ${near()});`,
  ]);
  const slot = random.pick([
    `return ${condition()} ? null : SLOTS.lookup(a);`,
    `let found: Value<typeof Entry> | null = SLOTS.lookup(a & 3);\nif (${condition()}) found = SLOTS.lookup(a);\nreturn found;`,
  ]);
  const made = () => statements.recordText(plain, scope, false);
  const make = random.pick([
    `if (${condition()}) return ${made()};\nreturn ${made()};`,
    `const made: Value<typeof Plain> = ${made()};\nreturn made;`,
  ]);
  return [
    `function locate(packet: XdpPacket, a: u32): Value<typeof Header> | null {\n${locate}\n}`,
    `function slot(a: u32): Value<typeof Entry> | null {\n${slot}\n}`,
    `function make(a: u32): Value<typeof Plain> {\n${make}\n}`,
  ];
}

function mapText({ name, kind, key, value, maxEntries }: RandomMap): string {
  if (kind === "array") return `const ${name} = arrayMap({ value: ${value.name}, maxEntries: ${maxEntries} });`;
  const keyName = typeof key === "string" ? key : key.name;
  return `const ${name} = hashMap({ key: ${keyName}, value: ${value.name}, maxEntries: ${maxEntries} });`;
}

function randomFunction(random: Random, name: string, record: RandomRecord | undefined): RandomFunction {
  const parameters = Array.from({ length: 1 + random.below(3) }, (): Scalar => random.pick(scalars));
  const returns: Named | "void" = random.pick(["u32", "u64", "i32", "i64", "boolean", "void", "u8", "i16"]);
  return { name, parameters, record, returns, separate: random.chance(35) };
}

function functionText(
  random: Random,
  { name, parameters, record, returns, separate }: RandomFunction,
  scope: Scope,
  expressions: Expressions,
  packetRecords: readonly [RandomRecord, ...RandomRecord[]],
  maps: readonly [RandomMap, RandomMap, ...RandomMap[]],
): string {
  const list = [
    ...(record === undefined ? [] : [`record: Value<typeof ${record.name}>`]),
    ...parameters.map((type, at) => `a${at}: ${type}`),
  ].join(", ");
  const body = new Statements(random, expressions, packetRecords, maps, returns, false).body(scope, 3);
  if (separate) return `const ${name} = subprogram((${list}): ${returns} => {\n${body}\n});`;
  return `function ${name}(${list}): ${returns} {\n${body}\n}`;
}
