import type { ObjectSpec } from "@weir/bytecode";
import { Machine, MachineMap } from "@weir/bytecode/machine";
import { Interpreter } from "../../src/index.ts";
import type { FileTree } from "../../src/tree/program.ts";

/** What a run can be told by: verdict, packet, and all that is in the maps. */
export interface Outcome {
  readonly verdict: bigint;
  readonly packet: string;
  readonly maps: Readonly<Record<string, readonly (readonly [key: string, value: string])[]>>;
}

export const PROGRAM = "program";

/** The outcomes of the typed tree, packet after packet. */
export function interpretTree(
  tree: FileTree,
  packets: readonly Uint8Array[],
  configs: Readonly<Record<string, bigint>>,
): readonly Outcome[] {
  const interpreter = new Interpreter(tree, { configs });
  return packets.map((packet) => {
    const verdict = BigInt.asUintN(32, interpreter.run(PROGRAM, packet));
    const maps = Object.fromEntries(tree.maps.map(({ name }) => [name, interpreter.contents(name)]));
    return { verdict, packet: hex(interpreter.packet), maps };
  });
}

/** The outcome without the maps that the object has not: a variant leaves out what it does not need. */
export function onlyMapsOf(outcome: Outcome, object: ObjectSpec): Outcome {
  const maps = Object.fromEntries([...object.maps.keys()].map((name) => [name, outcome.maps[name] ?? []]));
  return { ...outcome, maps };
}

/** The outcomes of the bytecode in the machine. */
export function runInMachine(object: ObjectSpec, packets: readonly Uint8Array[]): readonly Outcome[] {
  const program = object.programs.get(PROGRAM);
  if (program === undefined) throw new Error("the object lacks its program");
  const maps = new Map([...object.maps.values()].map((spec) => [spec.name, new MachineMap(spec)]));
  const machine = new Machine(program.instructions, { references: program.references, maps });
  return packets.map((packet) => {
    const { result, packet: after } = machine.run({ packet });
    const contents = [...maps].map(([name, map]) => [name, sorted(map.entries())] as const);
    return { verdict: BigInt.asUintN(32, result), packet: hex(after), maps: Object.fromEntries(contents) };
  });
}

export function sorted(
  entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>,
): readonly (readonly [key: string, value: string])[] {
  return [...entries].map(([key, value]) => [hex(key), hex(value)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
