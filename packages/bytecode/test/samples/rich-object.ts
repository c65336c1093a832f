import {
  alu,
  BtfBuilder,
  callFunction,
  callKernelFunction,
  exit,
  load,
  loadFunctionAddress,
  loadMapValueAddress,
  type MapSpec,
  type ObjectSpec,
  type ProgramSpec,
} from "@weir/bytecode";

const btf = new BtfBuilder();
const u32 = btf.add({ kind: "int", name: "u32", size: 4, encoding: "unsigned" });
const prototype = btf.add({ kind: "function-prototype", type: u32, parameters: [{ name: "value", type: u32 }] });
const declare = (name: string, linkage: "static" | "global" | "extern") =>
  btf.add({ kind: "function", name, type: prototype, linkage });
const [first, second, helper] = [
  declare("first", "global"),
  declare("second", "global"),
  declare("helper", "static"),
  declare("bpf_rcu_read_lock", "extern"),
];
const member = (name: string, bitOffset: number) => ({ name, type: u32, bitOffset });
const task = btf.add({ kind: "struct", name: "task", size: 8, members: [member("pid", 0), member("tgid", 32)] });
const counter = btf.add({ kind: "variable", name: "counter", type: u32, linkage: "global" });
const hidden = btf.add({ kind: "variable", name: "hidden", type: u32, linkage: "static" });
const data = btf.add({
  kind: "section",
  name: ".data",
  size: 8,
  variables: [
    { type: counter, offset: 0, size: 4 },
    { type: hidden, offset: 4, size: 4 },
  ],
});
const types = btf.build();

/** A section of two variables. */
export const variables: MapSpec = {
  name: ".data",
  type: "array",
  keySize: 4,
  valueSize: 8,
  maxEntries: 1,
  flags: 1 << 10,
  keyType: 0,
  valueType: data,
  contents: Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0),
};

/**
 * Calls its function, takes that one's address, the address of a variable's third byte, calls the kernel, and reads a field of the
 * kernel's.
 */
export function richProgram(name: "first" | "second", config = 7): ProgramSpec {
  return {
    name,
    section: "xdp",
    type: "xdp",
    frags: false,
    instructions: [
      callFunction(8),
      ...loadFunctionAddress(2, 7),
      ...loadMapValueAddress(1, 6),
      callKernelFunction(0),
      load(32, 1, 2, 4),
      alu("mov", 32, 0, 2),
      exit(),
      alu("mov", 32, 0, config),
      exit(),
    ],
    references: [
      { kind: "map-value", slot: 3, map: ".data", offset: 6 },
      { kind: "kernel-function", slot: 5, name: "bpf_rcu_read_lock", optional: false },
      { kind: "kernel-type", slot: 6, question: "field-offset", type: task, access: "0:1" },
      { kind: "config", slot: 9, config: "limit" },
    ],
    functions: [
      { slot: 0, type: name === "first" ? first : second },
      { slot: 9, type: helper },
    ],
    lines: [],
  };
}

/** An object with all that one can refer to. */
export function richObject(
  programs: readonly ProgramSpec[] = [richProgram("first"), richProgram("second")],
  maps: readonly MapSpec[] = [variables],
): ObjectSpec {
  return {
    license: "GPL",
    maps: new Map(maps.map((map) => [map.name, map])),
    programs: new Map(programs.map((program) => [program.name, program])),
    configs: new Map([["limit", { name: "limit", bits: 32, signed: false, default: 7n }]]),
    btf: types,
  };
}

const numbers: MapSpec = {
  name: "numbers",
  type: "array",
  keySize: 4,
  valueSize: 4,
  maxEntries: 2,
  flags: 0,
  keyType: u32,
  valueType: u32,
};

/** A map of maps that begins with one. */
export const filledMaps: readonly MapSpec[] = [
  numbers,
  {
    ...numbers,
    name: "outer",
    type: "array-of-maps",
    valueType: 0,
    inner: { ...numbers, name: "outer.inner" },
    entries: [{ index: 1, name: "numbers" }],
  },
];
