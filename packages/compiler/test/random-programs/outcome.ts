import type { ObjectSpec } from "@weir/bytecode";
import { Machine, type MachineMap } from "@weir/bytecode/machine";
import { Interpreter } from "../../src/index.ts";
import type { FileTree } from "../../src/tree/program.ts";

/** What a run can be told by: verdict, packet, and all that is in the maps. */
export interface Outcome {
  readonly verdict: bigint;
  readonly packet: string;
  readonly maps: Readonly<Record<string, readonly (readonly [key: string, value: string])[]>>;
}

/** More than nearly all random programs need; a smaller one that was made of one may have lost the end of a loop. */
const STEPS = 50_000;
export const PROGRAM = "program";

/** The outcomes of the typed tree, packet after packet. */
export function interpretTree(
  tree: FileTree,
  packets: readonly Uint8Array[],
  { configs, cpu }: { readonly configs: Readonly<Record<string, bigint>>; readonly cpu: number },
): readonly Outcome[] {
  const interpreter = new Interpreter(tree, { configs, ambient: { cpuNumber: BigInt(cpu) }, steps: STEPS });
  return packets.map((packet) => {
    const verdict = BigInt.asUintN(32, interpreter.run(PROGRAM, packet));
    const maps = Object.fromEntries(
      [...tree.maps, ...tree.globals].map(({ name }) => [name, interpreter.contents(name)]),
    );
    return { verdict, packet: hex(interpreter.packet.bytes), maps };
  });
}

/** The outcome without the maps that the object has not: a variant leaves out what it does not need. */
export function onlyMapsOf(outcome: Outcome, object: ObjectSpec): Outcome {
  const maps = Object.fromEntries([...object.maps.keys()].map((name) => [name, outcome.maps[name] ?? []]));
  return { ...outcome, maps };
}

/** The outcomes of the bytecode in the machine. */
export function runInMachine(object: ObjectSpec, packets: readonly Uint8Array[], cpu: number): readonly Outcome[] {
  const machine = new Machine(object, { cpus: cpu + 1 });
  machine.cpu = cpu;
  return packets.map((packet) => {
    const { result, packet: after } = machine.run({ program: PROGRAM, packet });
    const contents = [...machine.maps].map(([name, map]) => [name, sorted(valuesIn(map, cpu))] as const);
    return { verdict: BigInt.asUintN(32, result), packet: hex(after), maps: Object.fromEntries(contents) };
  });
}

/** Of per-CPU maps the value of the CPU that programs run on, the last one, without what it is rounded up with. */
function* valuesIn(map: MachineMap, cpu: number): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
  const { type, valueSize } = map.spec;
  const begin = type.includes("per-cpu") ? cpu * Math.ceil(valueSize / 8) * 8 : 0;
  for (const [key, value] of map.entries()) yield [key, value.subarray(begin, begin + valueSize)];
}

export function sorted(
  entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>,
): readonly (readonly [key: string, value: string])[] {
  return [...entries].map(([key, value]) => [hex(key), hex(value)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
