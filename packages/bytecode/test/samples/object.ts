import {
  alu,
  BtfBuilder,
  btfOfLayout,
  callFunction,
  callHelper,
  exit,
  helperNumber,
  loadImmediate64,
  loadMapAddress,
  type MapSpec,
  type ObjectSpec,
  type ProgramSpec,
  store,
} from "@weir/bytecode";
import { be16, bytes, struct, u32, u64 } from "@weir/bytecode/layout";

/** A record for the values of a map. */
export const Stats = struct({ packets: u64, port: be16, address: bytes(6) });

/**
 * An object with everything that one can hold: a program that looks up a map and returns what its own function returns,
 * two configs, BTF with functions and lines, functions that became part of it. It loads.
 */
export function sampleObject(): ObjectSpec {
  const btf = new BtfBuilder();
  const int = btf.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
  const keyType = btfOfLayout(btf, u32, "");
  const valueType = btfOfLayout(btf, Stats, "Stats");
  const context = btf.add({ kind: "pointer", type: 0 });
  const functionType = (name: string, linkage: "global" | "static", parameter: string, type: number): number => {
    const prototype = btf.add({ kind: "function-prototype", type: int, parameters: [{ name: parameter, type }] });
    return btf.add({ kind: "function", name, type: prototype, linkage });
  };
  const main = functionType("pass_all", "global", "packet", context);
  const verdict = functionType("verdict", "static", "count", keyType);
  const fileNameOffset = btf.addString("sample.bpf.ts");
  const line = (slot: number, number: number, column: number, text: string) => ({
    slot,
    fileNameOffset,
    lineOffset: btf.addString(text),
    line: number,
    column,
  });
  const { slot: _, ...place } = line(0, 5, 10, "  return twice(count(packet));");
  const call = { ...place, functionOffset: btf.addString("count") };
  const inner = { ...place, line: 4, functionOffset: btf.addString("once"), inlined: call };
  const program: ProgramSpec = {
    name: "pass_all",
    section: "xdp",
    type: "xdp",
    frags: false,
    instructions: [
      store(32, 10, -4, 0),
      alu("mov", 64, 2, { register: 10 }),
      alu("add", 64, 2, -4),
      ...loadMapAddress(1),
      callHelper(helperNumber("bpf_map_lookup_elem")),
      ...loadImmediate64(2, 0x1234_5678_9abc_def0n),
      alu("mov", 32, 1, 7),
      callFunction(1),
      exit(),
      alu("mov", 64, 0, 2),
      exit(),
    ],
    references: [
      { kind: "map", slot: 3, map: "STATS" },
      { kind: "config", slot: 6, config: "seed" },
      { kind: "config", slot: 8, config: "limit" },
    ],
    functions: [
      { slot: 0, type: main },
      { slot: 11, type: verdict },
    ],
    lines: [
      line(0, 3, 1, "export const pass_all = xdp((packet) => {"),
      { ...line(5, 6, 3, "  return XDP_PASS;"), inlined: call },
      { ...line(6, 6, 3, "  return XDP_PASS;"), inlined: inner },
      line(11, 8, 3, "  return XDP_PASS;"),
    ],
  };
  const map: MapSpec = {
    name: "STATS",
    type: "array",
    keySize: 4,
    valueSize: Stats.size,
    maxEntries: 4,
    flags: 0x400,
    keyType,
    valueType,
  };
  return {
    license: "Dual MIT/GPL",
    maps: new Map([[map.name, map]]),
    programs: new Map([[program.name, program]]),
    configs: new Map([
      ["seed", { name: "seed", bits: 64, signed: true, default: 0x1234_5678_9abc_def0n }],
      ["limit", { name: "limit", bits: 32, signed: false, default: 7n }],
    ]),
    btf: btf.build(),
  };
}
